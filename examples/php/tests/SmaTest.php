<?php
declare(strict_types=1);

namespace Example\Tests;

use PHPUnit\Framework\TestCase;
use Throwable;

final class SmaTest extends TestCase
{
    private ?World $world = null;
    private string $report = '';

    protected function setUp(): void
    {
        $this->world = new World();
    }

    protected function tearDown(): void
    {
        $this->report = $this->world?->report() ?? '';
        $this->world?->end();
    }

    protected function onNotSuccessfulTest(Throwable $t): void
    {
        fwrite(STDERR, "\n{$this->report}\n");
        throw $t;
    }

    public function testSeesNoPlantBeforeTheOwnerConsents(): void
    {
        self::assertSame([], $this->world->sma->plants());
        $this->world->consent('accept');
        self::assertCount(9, $this->world->sma->plants());
    }

    public function testSeesNoPlantOnceTheConsentIsRevoked(): void
    {
        $this->world->consent('accept');
        self::assertSame('13', $this->world->sma->plants()[0]);
        $this->world->consent('revoke');
        self::assertSame([], $this->world->sma->plants());
    }

    public function testLogsInAgainWhenTheTokenHasExpired(): void
    {
        $this->world->consent('accept');
        $this->world->sma->plants();
        $this->world->advance(301);
        self::assertCount(9, $this->world->sma->plants());
        self::assertSame([200, 200, 401, 200, 200], $this->world->statuses());
    }

    public function testWaitsAsLongAsSmaSaysWhenTheQuotaIsSpent(): void
    {
        $this->world->consent('accept');
        $this->world->spendQuota();
        self::assertCount(9, $this->world->sma->plants());
        self::assertContains(429, $this->world->statuses());
    }

    public function testAddsUpTheEnergyOfADay(): void
    {
        $this->world->consent('accept');
        self::assertGreaterThan(10_000, $this->world->sma->generated('13', '2025-06-14'));
    }
}
