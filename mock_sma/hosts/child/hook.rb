# Leads a Ruby program to the emulator: Ruby loads this at its start, since RUBYOPT names it. Net::HTTP and what stands on
# it would mind a proxy of http alone; who is to be trusted stands in SSL_CERT_FILE.
require "json"
require "socket"

if ENV["MOCK_SMA_LEAD"]
  module MockSma
    WAY = JSON.parse(ENV["MOCK_SMA_LEAD"])

    # Return where a connection goes: the host and port that were given, where the host is not SMA's.
    def self.place(host, port)
      name = host.to_s.downcase.delete_suffix(".")
      return [host, port] unless WAY["domains"].any? { |domain| name == domain || name.end_with?(".#{domain}") }
      unless WAY["hosts"].include?(name)
        raise SocketError, "mock-sma: #{name} is SMA's and is not served here; served: #{WAY["hosts"].join(", ")}"
      end
      unless [443, "443", "https"].include?(port)
        raise Errno::ECONNREFUSED, "mock-sma: SMA's hosts are served on port 443 alone, not on #{port}"
      end
      WAY["server"]
    end

    # TCPSocket.new and .open
    module Connecting
      def initialize(host, port, *rest, **more)
        super(*MockSma.place(host, port), *rest, **more)
      end
    end

    # Socket.tcp
    module Tcp
      def tcp(host, port, *rest, **more, &block)
        super(*MockSma.place(host, port), *rest, **more, &block)
      end
    end
  end
  TCPSocket.prepend(MockSma::Connecting)
  Socket.singleton_class.prepend(MockSma::Tcp)
end
