use HTTP::Tiny;
use LWP::UserAgent;
my $url = "https://sandbox.smaapis.de/monitoring/v1/plants";
my $lwp = LWP::UserAgent->new(env_proxy => 1)->get($url);
print $lwp->code, " ", HTTP::Tiny->new(verify_SSL => 1)->get($url)->{status}, "\n";
