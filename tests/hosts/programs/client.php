<?php
$url = 'https://sandbox.smaapis.de/monitoring/v1/plants';
$curl = curl_init($url);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_exec($curl);
@file_get_contents($url);
echo curl_getinfo($curl, CURLINFO_HTTP_CODE), ' ', explode(' ', $http_response_header[0])[1], "\n";
