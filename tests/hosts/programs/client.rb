require "net/http"
require "open-uri"
url = "https://sandbox.smaapis.de/monitoring/v1/plants"
begin
  URI.open(url)
rescue OpenURI::HTTPError => error
  puts "#{Net::HTTP.get_response(URI(url)).code} #{error.message[0, 3]}"
end
