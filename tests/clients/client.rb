# The client of openapi-generator's `ruby` with Faraday.
$LOAD_PATH.unshift("#{ENV.fetch('GENERATED')}/lib")
require 'json'
require 'uri'
require 'openapi_client'

def refused
  yield
  raise 'not refused'
rescue OpenapiClient::ApiError => error
  error
end

address = URI(ENV.fetch('SMA_URL'))
config = OpenapiClient::Configuration.default
config.scheme = address.scheme
config.host = "#{address.host}:#{address.port}"
config.server_index = nil
config.access_token = 'nonsense'
owner = ENV.fetch('OWNER')
monitoring = OpenapiClient::MonitoringApi.new
unauthorized = refused { monitoring.get_plants }.code
form = { client_id: 'demo_api', client_secret: 'demo_secret' }
config.access_token = OpenapiClient::AuthApi.new.token('client_credentials', form).access_token

consent = OpenapiClient::ConsentApi.new
asked = consent.request_consent(OpenapiClient::ConsentRequestBody.new(login_hint: owner)).state
answered = consent.simulate_consent(owner, OpenapiClient::ConsentChangeBody.new(state: 'Accepted')).state
plants = monitoring.get_plants.plants
day = monitoring.get_plant_measurements(plants[0].plant_id, 'EnergyBalance', 'Day', date: '2025-06-14')
limited = refused { monitoring.get_devices(plants[0].plant_id) }

puts JSON.generate(
  'unauthorized' => unauthorized,
  'consent' => [asked, answered],
  'plants' => plants.size,
  'set' => [day.set_type, day.resolution],
  'rows' => day.set.size,
  'noon' => day.set[48].pv_generation,
  'limited' => [limited.code, limited.response_headers['retry-after'].to_i],
  'new word' => monitoring.get_plant_status(plants[0].plant_id).status
)
