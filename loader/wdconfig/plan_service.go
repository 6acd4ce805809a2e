package wdconfig

import (
	"crypto/tls"
	"crypto/x509"
	"net"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/disk"
	"github.com/dynos-run/dynos/bindings/outbound"
)

// A closingFetcher is a fetcher that holds something.
type closingFetcher interface {
	bindings.Fetcher
	Close() error
}

func (p *planner) fetcher(name string, f closingFetcher) {
	p.plan.Loader.Fetchers[name] = f
	p.plan.closers = append(p.plan.closers, f)
}

// network plans a network behind a policy.
func (p *planner) network(name string, n *Network) {
	allow, deny := n.Allow, n.Deny
	switch {
	case !n.Has("allow"):
		allow = []string{"public"}
	case len(allow) == 0: // nothing, where a policy without rules allows what is public
		deny = []string{"public"}
	}
	allowOK, denyOK := p.rules(n, "allow", n.Allow), p.rules(n, "deny", n.Deny)
	if name == internet {
		allow = append(allow[:len(allow):len(allow)], p.options.AllowNet...)
	}
	options := outbound.Options{Log: p.options.Log, NoTLS: n.TLSOptions == nil}
	if n.TLSOptions != nil {
		options.TLS = p.clientTLS(n.TLSOptions)
	}
	if !allowOK || !denyOK {
		return
	}
	var err error
	if options.Policy, err = outbound.NewPolicy(allow, deny); err != nil { // a rule of AllowNet
		p.errorf(Place{}, "", "%s", err)
		return
	}
	p.fetcher(name, outbound.New(options))
}

// rules checks the rules of a network.
func (p *planner) rules(n *Network, field string, rules []string) bool {
	ok := true
	for i, rule := range rules {
		at := n.AtElement(field, i)
		if rule == "unix" || rule == "unix-abstract" {
			p.errorf(at, "make it an external service", "dynos has no networks of Unix sockets")
			ok = false
		} else if _, err := outbound.NewPolicy([]string{rule}, nil); err != nil {
			p.errorf(at, "", "%s", err)
			ok = false
		}
	}
	return ok
}

// external plans one server.
func (p *planner) external(name string, e *ExternalServer) {
	options := outbound.ExternalOptions{Log: p.options.Log}
	http, port := e.HTTP, "80"
	if e.HTTPS != nil {
		http, port = e.HTTPS.Options, "443"
		o := e.HTTPS.TLSOptions
		if o == nil {
			o = &TLSOptions{}
		}
		options.TLS = p.clientTLS(o)
	}
	var err error
	switch options.Network, options.Address, err = parseAddress(e.Address, port); {
	case e.Address == "":
		p.errorf(e.Place, `write address = "host:port"`, "external service %q has no address", name)
		return
	case err != nil:
		p.errorf(e.At("address"), "", "external service %q: %s", name, err)
		return
	}
	if e.HTTPS != nil {
		options.TLS.ServerName, _, _ = net.SplitHostPort(options.Address)
		if e.HTTPS.CertificateHost != "" {
			options.TLS.ServerName = e.HTTPS.CertificateHost
		}
	}
	if http != nil {
		p.style(http)
		options.ForwardedProtoHeader, options.CfHeader = http.ForwardedProtoHeader, http.CfBlobHeader
		options.RequestHeaders, options.ResponseHeaders = p.headers(http.InjectRequestHeaders), p.headers(http.InjectResponseHeaders)
	}
	p.fetcher(name, outbound.NewExternal(options))
}

// disk plans a folder. A relative path begins at the current folder, not at the configuration's.
func (p *planner) disk(name string, d *DiskDirectory) {
	if d.Writable && !p.plan.config.isObjectStorage(name) {
		p.errorf(d.AtName("writable"), "", hasNo+"directories that can be written to")
		return
	}
	if d.Path == "" {
		p.errorf(d.Place, "write path = …", "disk service %q has no path", name)
		return
	}
	folder, err := disk.Open(d.Path, disk.Options{AllowDotfiles: d.AllowDotfiles})
	if err != nil {
		p.errorf(d.At("path"), "a relative path begins at the folder that dynos is started in", "disk service %q: there is no folder %q", name, d.Path)
		return
	}
	p.plan.Folders = append(p.plan.Folders, d.Path)
	p.fetcher(name, folder)
}

// tlsVersions are the names of versions. SSL 3 is gone: where it would do, so does TLS 1.0.
var tlsVersions = map[string]uint16{
	"": tls.VersionTLS12, "goodDefault": tls.VersionTLS12, "ssl3": tls.VersionTLS10, "tls1Dot0": tls.VersionTLS10,
	"tls1Dot1": tls.VersionTLS11, "tls1Dot2": tls.VersionTLS12, "tls1Dot3": tls.VersionTLS13,
}

// clientTLS plans whom to trust, and what to show.
func (p *planner) clientTLS(o *TLSOptions) *tls.Config {
	config := &tls.Config{MinVersion: tlsVersions[o.MinVersion], RootCAs: x509.NewCertPool()} //nolint:gosec // as the operator says
	if o.TrustBrowserCAs {
		system, err := x509.SystemCertPool()
		if err != nil {
			p.errorf(o.At("trustBrowserCas"), "", "this system's list of certificate authorities cannot be read: %s", err)
			return config
		}
		config.RootCAs = system
	}
	for i, pem := range o.TrustedCertificates {
		if !config.RootCAs.AppendCertsFromPEM([]byte(pem)) {
			p.errorf(o.AtElement("trustedCertificates", i), "", "this is no certificate in PEM format")
		}
	}
	if k := o.Keypair; k != nil {
		pair, err := tls.X509KeyPair([]byte(k.CertificateChain), []byte(k.PrivateKey))
		if err != nil {
			p.errorf(k.Place, "", "%s", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config
}
