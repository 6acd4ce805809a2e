package wrangler

import "encoding/json"

// The types below mirror the configuration keys they are read from. The tag `key` gives the key's name and what must hold:
//
//	required   an error when it is missing
//	binding    a name in the worker's env, unique among all bindings
//	one of …   the values allowed, separated by |
//
// A pointer is nil when the key is absent, so that zero can be told from nothing.

// A VarKind says what a variable is in the worker's env.
type VarKind uint8

const (
	// VarText is a string.
	VarText VarKind = iota
	// VarJSON is a value given as JSON text.
	VarJSON
	// VarSecret is a string that must not be shown.
	VarSecret
)

// A Var is one variable of the worker's env.
type Var struct {
	Name string
	Kind VarKind
	// Value is the string itself, or for VarJSON the value as compact JSON text, `{"a":1}`.
	Value string
	// Source names where it comes from: the configuration file, ".dev.vars", "--var".
	Source string
}

// A Service is a binding to another worker, or to an entrypoint of this one.
type Service struct {
	Binding     string `key:"binding,required,binding"`
	Service     string `key:"service,required"`
	Environment string `key:"environment"`
	// Entrypoint names an exported class; "" is the default export.
	Entrypoint string `key:"entrypoint"`
	// Props is the JSON text of ctx.props, nil if there is none.
	Props  json.RawMessage `key:"props"`
	Remote bool            `key:"remote"`
}

// A WorkerLoader is a binding that creates workers at run time.
type WorkerLoader struct {
	Binding string `key:"binding,required,binding"`
}

// A KVNamespace is a binding to a key-value store.
type KVNamespace struct {
	Binding   string `key:"binding,required,binding"`
	ID        string `key:"id"`
	PreviewID string `key:"preview_id"`
	Remote    bool   `key:"remote"`
}

// An R2Bucket is a binding to an object store.
type R2Bucket struct {
	Binding           string          `key:"binding,required,binding"`
	BucketName        string          `key:"bucket_name"`
	PreviewBucketName string          `key:"preview_bucket_name"`
	Jurisdiction      string          `key:"jurisdiction"`
	Remote            bool            `key:"remote"`
	LocalDev          json.RawMessage `key:"local_dev"`
}

// A D1Database is a binding to an SQL database.
type D1Database struct {
	Binding             string `key:"binding,required,binding"`
	DatabaseName        string `key:"database_name"`
	DatabaseID          string `key:"database_id"`
	PreviewDatabaseID   string `key:"preview_database_id"`
	MigrationsTable     string `key:"migrations_table"`
	MigrationsDir       string `key:"migrations_dir"`
	MigrationsPattern   string `key:"migrations_pattern"`
	DatabaseInternalEnv string `key:"database_internal_env"`
	Remote              bool   `key:"remote"`
}

// Queues are the queues a worker sends to and receives from.
type Queues struct {
	Producers []QueueProducer `key:"producers"`
	Consumers []QueueConsumer `key:"consumers"`
}

// A QueueProducer is a binding that sends to a queue.
type QueueProducer struct {
	Binding string `key:"binding,required,binding"`
	Queue   string `key:"queue"`
	// DeliveryDelay is in seconds.
	DeliveryDelay float64 `key:"delivery_delay"`
	Remote        bool    `key:"remote"`
}

// A QueueConsumer delivers a queue to the worker's queue handler.
type QueueConsumer struct {
	Queue        string   `key:"queue,required"`
	Type         string   `key:"type"`
	MaxBatchSize *float64 `key:"max_batch_size"`
	// MaxBatchTimeout is in seconds.
	MaxBatchTimeout *float64 `key:"max_batch_timeout"`
	MaxRetries      *float64 `key:"max_retries"`
	DeadLetterQueue string   `key:"dead_letter_queue"`
	MaxConcurrency  *float64 `key:"max_concurrency"`
	// VisibilityTimeout is in milliseconds.
	VisibilityTimeout *float64 `key:"visibility_timeout_ms"`
	// RetryDelay is in seconds.
	RetryDelay *float64 `key:"retry_delay"`
}

// DurableObjects holds the Durable Object bindings.
type DurableObjects struct {
	Bindings []DurableObject `key:"bindings,required"`
}

// A DurableObject is a binding to the instances of a class.
type DurableObject struct {
	Name      string `key:"name,required,binding"`
	ClassName string `key:"class_name,required"`
	// ScriptName names the worker that exports the class; "" is this one.
	ScriptName  string `key:"script_name"`
	Environment string `key:"environment"`
}

// A Migration changes which Durable Object classes a worker has.
type Migration struct {
	Tag              string        `key:"tag,required"`
	NewClasses       []string      `key:"new_classes"`
	NewSQLiteClasses []string      `key:"new_sqlite_classes"`
	RenamedClasses   []ClassRename `key:"renamed_classes"`
	DeletedClasses   []string      `key:"deleted_classes"`
	Transferred      []ClassMove   `key:"transferred_classes"`
}

// A ClassRename gives a class a new name.
type ClassRename struct {
	From string `key:"from,required"`
	To   string `key:"to,required"`
}

// A ClassMove takes a class over from another worker.
type ClassMove struct {
	From       string `key:"from,required"`
	FromScript string `key:"from_script,required"`
	To         string `key:"to,required"`
}

// An Export declares what an export of the main module is; it replaces migrations.
type Export struct {
	Type          string          `key:"type,required,one of durable-object|worker|workflow"`
	State         string          `key:"state,one of created|deleted|renamed|transferred|expecting-transfer"`
	Storage       string          `key:"storage,one of sqlite|legacy-kv"`
	Container     string          `key:"container"`
	RenamedTo     string          `key:"renamed_to"`
	TransferredTo string          `key:"transferred_to"`
	TransferFrom  string          `key:"transfer_from"`
	Cache         json.RawMessage `key:"cache"`
	Name          string          `key:"name"`
	Limits        json.RawMessage `key:"limits"`
	Schedules     json.RawMessage `key:"schedules"`
}

// A Workflow is a binding to the instances of a workflow class.
type Workflow struct {
	Binding    string          `key:"binding,required,binding"`
	Name       string          `key:"name,required"`
	ClassName  string          `key:"class_name,required"`
	ScriptName string          `key:"script_name"`
	Limits     *WorkflowLimits `key:"limits"`
	Schedules  json.RawMessage `key:"schedules"`
	Remote     bool            `key:"remote"`
}

// WorkflowLimits bound one workflow.
type WorkflowLimits struct {
	Steps *float64 `key:"steps"`
}

// Assets are static files served before the worker.
type Assets struct {
	Directory        string `key:"directory"`
	Binding          string `key:"binding,binding"`
	HTMLHandling     string `key:"html_handling,one of auto-trailing-slash|force-trailing-slash|drop-trailing-slash|none"`
	NotFoundHandling string `key:"not_found_handling,one of single-page-application|404-page|none"`
	// RunWorkerFirst is the JSON text of a boolean or of a list of patterns, nil if absent.
	RunWorkerFirst json.RawMessage `key:"run_worker_first"`
}

// An AnalyticsDataset is a binding that writes data points.
type AnalyticsDataset struct {
	Binding string `key:"binding,required,binding"`
	Dataset string `key:"dataset"`
}

// A RateLimit is a binding that counts.
type RateLimit struct {
	Name        string          `key:"name,required,binding"`
	NamespaceID string          `key:"namespace_id,required"`
	Simple      RateLimitSimple `key:"simple,required"`
}

// RateLimitSimple allows Limit calls in each Period seconds.
type RateLimitSimple struct {
	Limit  float64 `key:"limit,required"`
	Period float64 `key:"period,required"`
}

// A Hyperdrive is a binding to a database elsewhere.
type Hyperdrive struct {
	Binding               string `key:"binding,required,binding"`
	ID                    string `key:"id,required"`
	LocalConnectionString string `key:"localConnectionString"`
}

// A SendEmail is a binding that sends mail.
type SendEmail struct {
	Name                        string   `key:"name,required,binding"`
	DestinationAddress          string   `key:"destination_address"`
	AllowedDestinationAddresses []string `key:"allowed_destination_addresses"`
	AllowedSenderAddresses      []string `key:"allowed_sender_addresses"`
	Remote                      bool     `key:"remote"`
}

// A StoreSecret is a binding to a secret of a secrets store.
type StoreSecret struct {
	Binding    string `key:"binding,required,binding"`
	StoreID    string `key:"store_id,required"`
	SecretName string `key:"secret_name,required"`
}

// A Pipeline is a binding that takes records.
type Pipeline struct {
	Binding  string `key:"binding,required,binding"`
	Pipeline string `key:"pipeline"`
	Stream   string `key:"stream"`
	Remote   bool   `key:"remote"`
}

// A Named is a binding with nothing but a name.
type Named struct {
	Binding string `key:"binding,required,binding"`
	Remote  bool   `key:"remote"`
	Staging bool   `key:"staging"`
}

// A TailConsumer is a worker that receives the traces of this one.
type TailConsumer struct {
	Service     string `key:"service,required"`
	Environment string `key:"environment"`
}

// Secrets declares which secrets the worker needs.
type Secrets struct {
	Required []string `key:"required"`
}

// Triggers start the worker without a request.
type Triggers struct {
	// Crons are five-field cron expressions.
	Crons  []string        `key:"crons"`
	Events json.RawMessage `key:"events"`
}

// Limits bound one invocation.
type Limits struct {
	// CPUMillis is in milliseconds.
	CPUMillis   *float64 `key:"cpu_ms"`
	SubRequests *float64 `key:"subrequests"`
	// WallMillis is the time of an invocation from its begin to its end, in milliseconds. The platform has no such limit.
	WallMillis *float64 `key:"wall_ms"`
}

// Dev are the settings of the local server.
type Dev struct {
	IP               string `key:"ip"`
	Port             *int   `key:"port"`
	InspectorIP      string `key:"inspector_ip"`
	InspectorPort    *int   `key:"inspector_port"`
	LocalProtocol    string `key:"local_protocol,one of http|https"`
	UpstreamProtocol string `key:"upstream_protocol,one of http|https"`
	Host             string `key:"host"`
	EnableContainers *bool  `key:"enable_containers"`
	ContainerEngine  any    `key:"container_engine"`
	GenerateTypes    bool   `key:"generate_types"`
}

// A Rule says which files are modules of which kind.
type Rule struct {
	Type  string   `key:"type,required,one of ESModule|CommonJS|CompiledWasm|Text|Data|PythonModule|PythonRequirement"`
	Globs []string `key:"globs,required"`
	// Fallthrough lets later rules of the same type count too; nil is false.
	Fallthrough *bool `key:"fallthrough"`
}
