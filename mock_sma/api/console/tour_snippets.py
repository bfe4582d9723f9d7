"""Programs in Java, Go and PHP that get a token and the list of plants, with nothing but their standard libraries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from mock_sma.api.console.snippets import Snippet

if TYPE_CHECKING:
    from mock_sma.api.console.snippets import Caller

JAVA = """import java.net.URI;
import java.net.http.*;

public class Plants {
  public static void main(String[] args) throws Exception {
    String base = %(base)s;
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest ask = HttpRequest.newBuilder(URI.create(base + "/oauth2/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(%(form)s))
        .build();
    String answer = http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
    String token = answer.replaceAll("(?s).*\\"access_token\\":\\"([^\\"]*)\\".*", "$1");
    HttpRequest list = HttpRequest.newBuilder(URI.create(base + "/monitoring/v1/plants"))
        .header("Authorization", "Bearer " + token)
        .build();
    System.out.println(http.send(list, HttpResponse.BodyHandlers.ofString()).body());
  }
}
"""

GO = """package main

import (
\t"encoding/json"
\t"fmt"
\t"io"
\t"net/http"
\t"strings"
)

func main() {
\tbase := %(base)s
\tkind := "application/x-www-form-urlencoded"
\tanswer, err := http.Post(base+"/oauth2/token", kind, strings.NewReader(%(form)s))
\tif err != nil {
\t\tpanic(err)
\t}
\tvar token struct {
\t\tAccess string `json:"access_token"`
\t}
\tif err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
\t\tpanic(err)
\t}
\task, _ := http.NewRequest("GET", base+"/monitoring/v1/plants", nil)
\task.Header.Set("Authorization", "Bearer "+token.Access)
\tlist, err := http.DefaultClient.Do(ask)
\tif err != nil {
\t\tpanic(err)
\t}
\tbody, _ := io.ReadAll(list.Body)
\tfmt.Println(string(body))
}
"""

PHP = """<?php
$base = %(base)s;
$form = %(form)s;
$kind = "Content-Type: application/x-www-form-urlencoded";
$ask = stream_context_create(["http" => ["method" => "POST", "header" => $kind, "content" => $form]]);
$token = json_decode(file_get_contents("$base/oauth2/token", false, $ask))->access_token;
$list = stream_context_create(["http" => ["header" => "Authorization: Bearer $token"]]);
echo file_get_contents("$base/monitoring/v1/plants", false, $list), "\\n";
"""

PROGRAMS = (("java", "Java", JAVA), ("go", "Go", GO), ("php", "PHP", PHP))


def tour_snippets(caller: Caller) -> list[Snippet]:
    """Return the programs for a client of the custom flow."""
    form = urlencode(
        {"grant_type": "client_credentials", "client_id": caller.client_id, "client_secret": caller.client_secret}
    )
    words = {"base": json.dumps(caller.origin), "form": json.dumps(form)}
    return [Snippet(key, language, text % {**words, **_of_php(words, key)}) for key, language, text in PROGRAMS]


def _of_php(words: dict[str, str], key: str) -> dict[str, str]:
    # In a text of PHP a dollar begins a variable.
    return {name: text.replace("$", "\\$") for name, text in words.items()} if key == "php" else {}
