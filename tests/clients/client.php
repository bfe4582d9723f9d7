<?php
// The client of openapi-generator's `php`, with Debian's Guzzle.
foreach (['Psr/Http/Client', 'Psr/Http/Message', 'GuzzleHttp/Psr7', 'GuzzleHttp/Promise', 'GuzzleHttp'] as $name) {
    require_once "$name/autoload.php";
}
spl_autoload_register(function (string $class): void {
    if (str_starts_with($class, 'OpenAPI\\Client\\')) {
        require $_SERVER['GENERATED'] . '/lib/' . str_replace('\\', '/', substr($class, 15)) . '.php';
    }
});

use OpenAPI\Client\Api\{AuthApi, ConsentApi, MonitoringApi};
use OpenAPI\Client\{ApiException, Configuration, Model};

$http = new GuzzleHttp\Client();
$config = (new Configuration())->setHost($_SERVER['SMA_URL']);
$refused = function (callable $call): ApiException {
    try {
        $call();
    } catch (ApiException $error) {
        return $error;
    }
    throw new RuntimeException('not refused');
};

$monitoring = new MonitoringApi($http, $config->setAccessToken('nonsense'));
$unauthorized = $refused(fn () => $monitoring->getPlants())->getCode();
$token = (new AuthApi($http, $config))->token('client_credentials', 'demo_api', 'demo_secret');
$config->setAccessToken($token->getAccessToken());

$consent = new ConsentApi($http, $config);
$owner = $_SERVER['OWNER'];
$asked = $consent->requestConsent(new Model\ConsentRequestBody(['login_hint' => $owner]))->getState();
$answered = $consent->simulateConsent($owner, new Model\ConsentChangeBody(['state' => 'Accepted']))->getState();
$plants = $monitoring->getPlants()->getPlants();
$day = $monitoring->getPlantMeasurements($plants[0]->getPlantId(), 'EnergyBalance', 'Day', '2025-06-14');
$limited = $refused(fn () => $monitoring->getDevices($plants[0]->getPlantId()));

echo json_encode([
    'unauthorized' => $unauthorized,
    'consent' => [$asked, $answered],
    'plants' => count($plants),
    'set' => [$day->getSetType(), $day->getResolution()],
    'rows' => count($day->getSet()),
    'noon' => $day->getSet()[48]->getPvGeneration(),
    'limited' => [$limited->getCode(), (int) array_change_key_case($limited->getResponseHeaders())['retry-after'][0]],
    'new word' => $monitoring->getPlantStatus($plants[0]->getPlantId())->getStatus(),
]), "\n";
