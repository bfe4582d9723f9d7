<?php

// Leads PHP's streams to the emulator's proxy: php.ini has this file run first. curl has variables and settings for it.
if (getenv('HTTPS_PROXY') !== false && getenv('MOCK_SMA_LEAD') !== false) {
    $proxy = preg_replace('/^http:/', 'tcp:', rtrim(getenv('HTTPS_PROXY'), '/'));
    stream_context_set_default(['http' => ['proxy' => $proxy, 'request_fulluri' => false]]);
}
