<?php
declare(strict_types=1);

namespace Example;

use RuntimeException;

/** A client of SMA's sandbox. It knows nothing of an emulator: SMA's addresses are built in. */
final class Sma
{
    private const TOKEN = 'https://sandbox-auth.smaapis.de/oauth2/token';
    private const API = 'https://sandbox.smaapis.de/monitoring/v1';

    private ?string $token = null;
    /** @var callable(int): void */
    private $wait;

    /** @param null|callable(int): void $wait waits for seconds */
    public function __construct(private string $id, private string $secret, ?callable $wait = null)
    {
        $this->wait = $wait ?? 'sleep';
    }

    /** @return string[] */
    public function plants(): array
    {
        return array_column($this->get('/plants')['plants'], 'plantId');
    }

    /** Return the energy of a day [Wh], as the rows have it. */
    public function generated(string $plant, string $date): float
    {
        $rows = $this->get("/plants/$plant/measurements/sets/EnergyBalance/Day?Date=$date&ReturnEnergyValues=true");
        return array_sum(array_column($rows['set'], 'pvGeneration'));
    }

    private function get(string $path): array
    {
        for ($attempt = 0; $attempt < 4; $attempt++) {
            $this->token ??= $this->login();
            [$status, $body, $retry] = $this->send(self::API . $path, ["Authorization: Bearer {$this->token}"]);
            if ($status === 200) {
                return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
            }
            if ($status === 401) {
                $this->token = null;
            } elseif ($status === 429) {
                ($this->wait)($retry ?? 300);
            } else {
                throw new RuntimeException("SMA answered $status to $path");
            }
        }
        throw new RuntimeException("SMA refused $path again and again");
    }

    private function login(): string
    {
        $form = ['grant_type' => 'client_credentials', 'client_id' => $this->id, 'client_secret' => $this->secret];
        [$status, $body] = $this->send(self::TOKEN, [], http_build_query($form));
        if ($status !== 200) {
            throw new RuntimeException("no token: $status");
        }
        return json_decode($body, true, flags: JSON_THROW_ON_ERROR)['access_token'];
    }

    /** @return array{int, string, ?int} status, body, Retry-After */
    private function send(string $url, array $headers, ?string $form = null): array
    {
        $retry = null;
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 10,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$retry): int {
                if (stripos($line, 'retry-after:') === 0) {
                    $retry = (int) trim(substr($line, 12));
                }
                return strlen($line);
            },
        ] + ($form === null ? [] : [CURLOPT_POSTFIELDS => $form]));
        $body = curl_exec($curl);
        if ($body === false) {
            throw new RuntimeException(curl_error($curl));
        }
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body, $retry];
    }
}
