<?php
// Composer's autoloader where it was installed; without it the few classes of this project are found by their names.
$composer = __DIR__ . '/../vendor/autoload.php';
if (is_file($composer)) {
    require $composer;
}
spl_autoload_register(function (string $class): void {
    foreach (['Example\\Tests\\' => __DIR__, 'Example\\' => __DIR__ . '/../src'] as $prefix => $folder) {
        $file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
            return;
        }
    }
});
