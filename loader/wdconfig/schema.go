package wdconfig

// The Go types of this and the files beside it are THE schema, one row a field. To add a field, add its row. Tags:
//
//	wd:"name"           what the field is called in the language
//	wd:"name,union"     the field is a member of the struct's union: setting it unsets the others
//	enum:"a|b"          a string that is one of some names
//	absent:"KV stores"  dynos cannot serve it, and says "dynos has no KV stores"; who makes it work takes the tag away
//
// string is Text, []byte Data, bool Bool, Void Void, []T List(T); a pointer to a struct is the struct, or a group, and nil when not given.
// A value that is not written with field names goes to the first field of a struct: "name" for (name = "name").
// Source of the facts: workerd's own schema, src/workerd/server/workerd.capnp, as of version 2026-11-17.

// A Config is everything that one process serves.
type Config struct {
	Node
	Services          []Service       `wd:"services"`
	Sockets           []Socket        `wd:"sockets"`
	V8Flags           []string        `wd:"v8Flags"`
	Extensions        []Extension     `wd:"extensions"`
	Autogates         []string        `wd:"autogates" absent:"autogates"`
	StructuredLogging bool            `wd:"structuredLogging"`
	Logging           *LoggingOptions `wd:"logging"`
	Cluster           *Cluster        `wd:"cluster" absent:"clusters"`
}

// LoggingOptions say how console output is written.
type LoggingOptions struct {
	Node
	StructuredLogging bool   `wd:"structuredLogging"`
	StdoutPrefix      string `wd:"stdoutPrefix" absent:"prefixes of what a process prints"`
	StderrPrefix      string `wd:"stderrPrefix" absent:"prefixes of what a process prints"`
}

// A Cluster says how several processes share a bucket.
type Cluster struct {
	Node
	Bucket              string   `wd:"bucket"`
	BucketOptions       []string `wd:"bucketOptions"`
	Address             string   `wd:"address"`
	Key                 string   `wd:"key"`
	Advertise           string   `wd:"advertise"`
	UnsafePublicAddress bool     `wd:"unsafePublicAddress"`
	StopTimeoutMs       uint32   `wd:"stopTimeoutMs"`
	UnsafeTimeDivisor   uint32   `wd:"unsafeTimeDivisor"`
}

// A Socket is an address to listen on, and the service behind it.
type Socket struct {
	Node
	Name    string             `wd:"name"`
	Address string             `wd:"address"`
	HTTP    *HTTPOptions       `wd:"http,union"`
	HTTPS   *SocketTLS         `wd:"https,union" absent:"TLS sockets"`
	TCP     *SocketTCP         `wd:"tcp,union"`
	UDP     *SocketUDP         `wd:"udp,union" absent:"UDP sockets"`
	Service *ServiceDesignator `wd:"service"`
}

// SocketTLS are the settings of an HTTPS socket.
type SocketTLS struct {
	Node
	Options    *HTTPOptions `wd:"options"`
	TLSOptions *TLSOptions  `wd:"tlsOptions"`
}

// SocketTCP are the settings of a TCP socket.
type SocketTCP struct {
	Node
	TLSOptions *TLSOptions `wd:"tlsOptions" absent:"TLS sockets"`
	TLSMode    string      `wd:"tlsMode" enum:"implicit|startTls" absent:"TLS sockets"`
}

// SocketUDP are the settings of a UDP socket.
type SocketUDP struct {
	Node
	IdleTimeoutMs   uint32 `wd:"idleTimeoutMs"`
	MaxPendingBytes uint32 `wd:"maxPendingBytes"`
}

// A Service has a name by which others refer to it.
type Service struct {
	Node
	Name        string          `wd:"name"`
	Unspecified Void            `wd:"unspecified,union"`
	Worker      *Worker         `wd:"worker,union"`
	Network     *Network        `wd:"network,union"`
	External    *ExternalServer `wd:"external,union"`
	Disk        *DiskDirectory  `wd:"disk,union"`
	Bucket      *ClusterBucket  `wd:"bucket,union" absent:"clusters"`
	Assets      *AssetsService  `wd:"assets,union" absent:"asset services"`
}

// A ServiceDesignator refers to a service, or to one entrypoint of it.
type ServiceDesignator struct {
	Node
	Name       string `wd:"name"`
	Entrypoint string `wd:"entrypoint"`
	Props      *Props `wd:"props"`
}

// Props are what the callee sees as ctx.props.
type Props struct {
	Node
	Empty Void   `wd:"empty,union"`
	JSON  string `wd:"json,union"`
}

// An ExternalServer is one server, wherever the URL of a request points.
type ExternalServer struct {
	Node
	Address string       `wd:"address"`
	HTTP    *HTTPOptions `wd:"http,union"`
	HTTPS   *ExternalTLS `wd:"https,union"`
	TCP     *ExternalTCP `wd:"tcp,union" absent:"external servers that speak TCP"`
}

// ExternalTLS are the settings of a server that speaks HTTPS.
type ExternalTLS struct {
	Node
	Options         *HTTPOptions `wd:"options"`
	TLSOptions      *TLSOptions  `wd:"tlsOptions"`
	CertificateHost string       `wd:"certificateHost"`
}

// ExternalTCP are the settings of a server that speaks plain TCP.
type ExternalTCP struct {
	Node
	TLSOptions      *TLSOptions `wd:"tlsOptions"`
	CertificateHost string      `wd:"certificateHost"`
}

// A Network is whatever the rules let through. Allow is ["public"] when not given.
type Network struct {
	Node
	Allow      []string    `wd:"allow"`
	Deny       []string    `wd:"deny"`
	TLSOptions *TLSOptions `wd:"tlsOptions"`
}

// A DiskDirectory serves files.
type DiskDirectory struct {
	Node
	Path          string `wd:"path"`
	Writable      bool   `wd:"writable"`
	AllowDotfiles bool   `wd:"allowDotfiles"`
}

// A ClusterBucket is a folder in the bucket of a cluster.
type ClusterBucket struct {
	Node
	Path string `wd:"path"`
}

// An AssetsService serves a folder as the platform serves static assets.
type AssetsService struct {
	Node
	Path               string             `wd:"path"`
	Config             string             `wd:"config"`
	UserWorker         *ServiceDesignator `wd:"userWorker"`
	CompatibilityDate  string             `wd:"compatibilityDate"`
	CompatibilityFlags []string           `wd:"compatibilityFlags"`
}

// HTTPOptions say how HTTP is spoken, as a client or a server.
type HTTPOptions struct {
	Node
	Style                 string   `wd:"style" enum:"host|proxy"`
	ForwardedProtoHeader  string   `wd:"forwardedProtoHeader"`
	CfBlobHeader          string   `wd:"cfBlobHeader"`
	InjectRequestHeaders  []Header `wd:"injectRequestHeaders"`
	InjectResponseHeaders []Header `wd:"injectResponseHeaders"`
	CapnpConnectHost      string   `wd:"capnpConnectHost" absent:"connections that speak Cap'n Proto"`
}

// A Header is set, or removed if it has no value.
type Header struct {
	Node
	Name  string `wd:"name"`
	Value string `wd:"value"`
}

// TLSOptions say what TLS connections are made of.
type TLSOptions struct {
	Node
	Keypair             *Keypair `wd:"keypair"`
	RequireClientCerts  bool     `wd:"requireClientCerts" absent:"demands for the certificates of clients"`
	TrustBrowserCAs     bool     `wd:"trustBrowserCas"`
	TrustedCertificates []string `wd:"trustedCertificates"`
	MinVersion          string   `wd:"minVersion" enum:"goodDefault|ssl3|tls1Dot0|tls1Dot1|tls1Dot2|tls1Dot3"`
	CipherList          string   `wd:"cipherList" absent:"lists of TLS ciphers"`
}

// A Keypair is a certificate with its key, both PEM.
type Keypair struct {
	Node
	PrivateKey       string `wd:"privateKey"`
	CertificateChain string `wd:"certificateChain"`
}

// An Extension brings modules that every worker can import.
type Extension struct {
	Node
	Modules []ExtensionModule `wd:"modules"`
}

// An ExtensionModule is one of them.
type ExtensionModule struct {
	Node
	Name     string `wd:"name"`
	Internal bool   `wd:"internal"`
	ESModule string `wd:"esModule"`
}
