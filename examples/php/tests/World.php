<?php
declare(strict_types=1);

namespace Example\Tests;

use Example\Sma;
use RuntimeException;

/** A world of the emulator, for one test. */
final class World
{
    private static int $count = 0;

    public readonly Sma $sma;
    private string $path;
    private string $owner;

    public function __construct()
    {
        $wish = ['name' => 'php-' . getmypid() . '-' . self::$count++, 'now' => '2025-06-15T12:00:00+02:00'];
        $made = json_decode($this->control('POST', '/_mock/worlds', $wish), true, flags: JSON_THROW_ON_ERROR);
        $this->path = "/_mock/worlds/{$made['name']}";
        $this->owner = rawurlencode($made['owners'][0]['email']);
        $client = $made['clients'][0];
        // A wait takes no time: the world's clock goes on instead.
        $this->sma = new Sma($client['client_id'], $client['client_secret'], fn (int $seconds) => $this->advance($seconds));
    }

    public function consent(string $event): void
    {
        $this->control('POST', "{$this->path}/consents/{$this->owner}/$event");
    }

    public function advance(int $seconds): void
    {
        $this->control('POST', "{$this->path}/clock/advance", ['seconds' => $seconds]);
    }

    public function spendQuota(): void
    {
        $rule = ['match' => ['path' => '/monitoring/v1/*'], 'effect' => ['quota_exhausted' => true], 'times' => 1];
        $this->control('POST', "{$this->path}/faults", $rule);
    }

    /** @return int[] statuses of all answers, the first one first */
    public function statuses(): array
    {
        $entries = json_decode($this->control('GET', "{$this->path}/requests"), true, flags: JSON_THROW_ON_ERROR);
        return array_reverse(array_column($entries, 'status'));
    }

    public function report(): string
    {
        return $this->control('GET', "{$this->path}/report");
    }

    public function end(): void
    {
        $this->control('DELETE', $this->path);
    }

    private function control(string $method, string $path, ?array $body = null): string
    {
        $url = getenv('MOCK_SMA_URL') ?: throw new RuntimeException('MOCK_SMA_URL is not set: start with mock-sma run -- phpunit');
        $curl = curl_init($url . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_PROXY => '', // the server itself is not behind the proxy that leads to SMA's names
        ] + ($body === null ? [] : [
            CURLOPT_POSTFIELDS => json_encode($body),
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
        ]));
        $answer = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if ($answer === false || $status >= 400) {
            throw new RuntimeException("$method $path: $status " . ($answer ?: curl_error($curl)));
        }
        return $answer;
    }
}
