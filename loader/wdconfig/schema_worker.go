package wdconfig

// A Worker is code with what it may reach.
type Worker struct {
	Node
	Modules                        []Module                 `wd:"modules,union"`
	ServiceWorkerScript            string                   `wd:"serviceWorkerScript,union"`
	Inherit                        string                   `wd:"inherit,union" absent:"workers that inherit from another (nor has the reference runtime)"`
	CompatibilityDate              string                   `wd:"compatibilityDate"`
	CompatibilityFlags             []string                 `wd:"compatibilityFlags"`
	Bindings                       []Binding                `wd:"bindings"`
	GlobalOutbound                 *ServiceDesignator       `wd:"globalOutbound"`
	DurableObjectNamespaces        []DurableObjectNamespace `wd:"durableObjectNamespaces"`
	DurableObjectUniqueKeyModifier string                   `wd:"durableObjectUniqueKeyModifier" absent:"modifiers of unique keys (nor has the reference runtime)"`
	DurableObjectStorage           *DurableObjectStorage    `wd:"durableObjectStorage"`
	CacheAPIOutbound               *ServiceDesignator       `wd:"cacheApiOutbound"`
	ModuleFallback                 string                   `wd:"moduleFallback" absent:"module fallback services"`
	Tails                          []ServiceDesignator      `wd:"tails"`
	StreamingTails                 []ServiceDesignator      `wd:"streamingTails"`
	ContainerEngine                *ContainerEngine         `wd:"containerEngine"`
	AccessBlobHeader               string                   `wd:"accessBlobHeader" absent:"Cloudflare Access"`
	AccessBindingService           *ServiceDesignator       `wd:"accessBindingService" absent:"Cloudflare Access"`
	WorkflowsEngine                *WorkflowsEngine         `wd:"workflowsEngine" absent:"workflows"`
}

// A Module is a file that a worker can import; the first one is the main module.
type Module struct {
	Node
	Name                      string   `wd:"name"`
	ESModule                  string   `wd:"esModule,union"`
	CommonJSModule            string   `wd:"commonJsModule,union"`
	Text                      string   `wd:"text,union"`
	Data                      []byte   `wd:"data,union"`
	Wasm                      []byte   `wd:"wasm,union"`
	JSON                      string   `wd:"json,union"`
	Obsolete                  string   `wd:"obsolete,union" absent:"modules of this kind (it is obsolete)"`
	PythonModule              string   `wd:"pythonModule,union" absent:"Python modules"`
	ObsoletePythonRequirement string   `wd:"obsoletePythonRequirement,union" absent:"Python modules"`
	Bundled                   string   `wd:"bundled,union" absent:"modules that come with the runtime"`
	NamedExports              []string `wd:"namedExports"`
}

// A Binding is a member of env.
type Binding struct {
	Node
	Name                   string             `wd:"name"`
	Unspecified            Void               `wd:"unspecified,union"`
	Parameter              *Parameter         `wd:"parameter,union" absent:"parameters of workers (nor has the reference runtime)"`
	Text                   string             `wd:"text,union"`
	Data                   []byte             `wd:"data,union"`
	JSON                   string             `wd:"json,union"`
	WasmModule             []byte             `wd:"wasmModule,union" absent:"Wasm modules as bindings: make it a module of kind wasm"`
	CryptoKey              *CryptoKey         `wd:"cryptoKey,union" absent:"keys as bindings"`
	Service                *ServiceDesignator `wd:"service,union"`
	DurableObjectNamespace *NamespaceRef      `wd:"durableObjectNamespace,union"`
	KVNamespace            *ServiceDesignator `wd:"kvNamespace,union"`
	R2Bucket               *ServiceDesignator `wd:"r2Bucket,union" absent:"R2 buckets behind a service"`
	Obsolete0              *ServiceDesignator `wd:"obsolete0,union" absent:"bindings of this kind (it is obsolete)"`
	Wrapped                *WrappedBinding    `wd:"wrapped,union"`
	Queue                  *ServiceDesignator `wd:"queue,union" absent:"queues behind a service"`
	FromEnvironment        string             `wd:"fromEnvironment,union"`
	AnalyticsEngine        *ServiceDesignator `wd:"analyticsEngine,union" absent:"Analytics Engine"`
	Hyperdrive             *Hyperdrive        `wd:"hyperdrive,union" absent:"Hyperdrive"`
	UnsafeEval             Void               `wd:"unsafeEval,union"`
	MemoryCache            *MemoryCache       `wd:"memoryCache,union" absent:"memory caches"`
	DurableObjectClass     *ServiceDesignator `wd:"durableObjectClass,union" absent:"Durable Object classes as bindings"`
	WorkerLoader           *WorkerLoader      `wd:"workerLoader,union"`
	WorkerdDebugPort       Void               `wd:"workerdDebugPort,union" absent:"debug ports"`
}

// A Parameter stands for a binding that an inheriting worker gives.
type Parameter struct {
	Node
	Type     *ParameterType `wd:"type"`
	Optional bool           `wd:"optional"`
}

// A ParameterType says of what kind the binding must be.
type ParameterType struct {
	Node
	Unspecified            Void     `wd:"unspecified,union"`
	Text                   Void     `wd:"text,union"`
	Data                   Void     `wd:"data,union"`
	JSON                   Void     `wd:"json,union"`
	Wasm                   Void     `wd:"wasm,union"`
	CryptoKey              []string `wd:"cryptoKey,union" enum:"encrypt|decrypt|sign|verify|deriveKey|deriveBits|wrapKey|unwrapKey"`
	Service                Void     `wd:"service,union"`
	DurableObjectNamespace Void     `wd:"durableObjectNamespace,union"`
	KVNamespace            Void     `wd:"kvNamespace,union"`
	R2Bucket               Void     `wd:"r2Bucket,union"`
	Obsolete0              Void     `wd:"obsolete0,union"`
	Queue                  Void     `wd:"queue,union"`
	AnalyticsEngine        Void     `wd:"analyticsEngine,union"`
	Hyperdrive             Void     `wd:"hyperdrive,union"`
	DurableObjectClass     Void     `wd:"durableObjectClass,union"`
	WorkerdDebugPort       Void     `wd:"workerdDebugPort,union"`
}

// A NamespaceRef refers to the Durable Objects of a class, of this worker or another.
type NamespaceRef struct {
	Node
	ClassName   string `wd:"className"`
	ServiceName string `wd:"serviceName"`
}

// A CryptoKey is imported as crypto.subtle.importKey would.
type CryptoKey struct {
	Node
	Raw         []byte     `wd:"raw,union"`
	Hex         string     `wd:"hex,union"`
	Base64      string     `wd:"base64,union"`
	PKCS8       string     `wd:"pkcs8,union"`
	SPKI        string     `wd:"spki,union"`
	JWK         string     `wd:"jwk,union"`
	Algorithm   *Algorithm `wd:"algorithm"`
	Extractable bool       `wd:"extractable"`
	Usages      []string   `wd:"usages" enum:"encrypt|decrypt|sign|verify|deriveKey|deriveBits|wrapKey|unwrapKey"`
}

// An Algorithm is the argument of that name: a name, or an object as JSON.
type Algorithm struct {
	Node
	Name string `wd:"name,union"`
	JSON string `wd:"json,union"`
}

// A WrappedBinding is what a module makes of other bindings. Entrypoint is "default" when not given.
type WrappedBinding struct {
	Node
	ModuleName    string    `wd:"moduleName"`
	Entrypoint    string    `wd:"entrypoint"`
	InnerBindings []Binding `wd:"innerBindings"`
}

// Hyperdrive is a database behind a service.
type Hyperdrive struct {
	Node
	Designator *ServiceDesignator `wd:"designator"`
	Database   string             `wd:"database"`
	User       string             `wd:"user"`
	Password   string             `wd:"password"`
	Scheme     string             `wd:"scheme"`
}

// A MemoryCache is shared by all bindings with its id.
type MemoryCache struct {
	Node
	ID     string             `wd:"id"`
	Limits *MemoryCacheLimits `wd:"limits"`
}

// MemoryCacheLimits bound a memory cache; sizes are in bytes.
type MemoryCacheLimits struct {
	Node
	MaxKeys           uint32 `wd:"maxKeys"`
	MaxValueSize      uint32 `wd:"maxValueSize"`
	MaxTotalValueSize uint64 `wd:"maxTotalValueSize"`
}

// A WorkerLoader is shared by all bindings with its id; without one it is the binding's own.
type WorkerLoader struct {
	Node
	ID string `wd:"id"`
}

// A DurableObjectNamespace is a class of a worker whose instances can be addressed.
type DurableObjectNamespace struct {
	Node
	ClassName       string     `wd:"className"`
	UniqueKey       string     `wd:"uniqueKey,union"`
	EphemeralLocal  Void       `wd:"ephemeralLocal,union" absent:"objects that are not stored and have texts as ids"`
	PreventEviction bool       `wd:"preventEviction"`
	EnableSQL       bool       `wd:"enableSql"`
	Container       *Container `wd:"container" absent:"containers"`
}

// A DurableObjectStorage says where Durable Objects keep their data.
type DurableObjectStorage struct {
	Node
	None      Void   `wd:"none,union"`
	InMemory  Void   `wd:"inMemory,union"`
	LocalDisk string `wd:"localDisk,union"`
}

// A Container is attached to each Durable Object of a namespace.
type Container struct {
	Node
	ImageName  string               `wd:"imageName"`
	Privileges *ContainerPrivileges `wd:"privileges"`
	Images     []NamedImage         `wd:"images"`
}

// ContainerPrivileges are what a container may do beyond others.
type ContainerPrivileges struct {
	Node
	Capabilities []string `wd:"capabilities"`
	Devices      []Device `wd:"devices"`
	SecurityOpt  []string `wd:"securityOpt"`
}

// A Device of the host in a container.
type Device struct {
	Node
	PathOnHost        string `wd:"pathOnHost"`
	PathInContainer   string `wd:"pathInContainer"`
	CgroupPermissions string `wd:"cgroupPermissions"`
}

// A NamedImage is an image that a Durable Object can choose.
type NamedImage struct {
	Node
	Name  string `wd:"name"`
	Image string `wd:"image"`
}

// A ContainerEngine runs containers.
type ContainerEngine struct {
	Node
	None        Void    `wd:"none,union"`
	LocalDocker *Docker `wd:"localDocker,union" absent:"containers"`
}

// Docker says how to reach a Docker daemon.
type Docker struct {
	Node
	SocketPath                      string `wd:"socketPath"`
	ContainerEgressInterceptorImage string `wd:"containerEgressInterceptorImage"`
	SessionID                       string `wd:"sessionId"`
}

// A WorkflowsEngine runs the workflows of other workers.
type WorkflowsEngine struct {
	Node
	ActorClass *ServiceDesignator `wd:"actorClass"`
	Workflows  []Workflow         `wd:"workflows"`
}

// A Workflow is one of them.
type Workflow struct {
	Node
	ClassName      string             `wd:"className"`
	Name           string             `wd:"name"`
	BindingService *ServiceDesignator `wd:"bindingService"`
}
