package main

import (
	"fmt"
	"net/http"
)

func main() {
	answer, err := http.Get("https://sandbox.smaapis.de/monitoring/v1/plants")
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.StatusCode)
}
