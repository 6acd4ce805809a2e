package wrangler

import "encoding/json"

// A scope says what a named environment does with a key of the top level.
type scope uint8

const (
	// inherited: env.NAME has the value of the top level unless it gives its own.
	inherited scope = iota
	// own: env.NAME has only what it gives itself; a warning says so when the top level gives more.
	own
	// topOnly: the key may stand at the top level only, and holds for every environment.
	topOnly
)

// A use says what becomes of a key.
type use uint8

const (
	// served: the project carries the value, and it has an effect.
	served use = iota
	// reach: the project carries the value, and Options.Serves says whether the runtime has an effect for it.
	reach
	// deployOnly: it concerns deploying to Cloudflare, and is checked and passed over without a word.
	deployOnly
	// unserved: Cloudflare's platform serves it, dynos does not; a warning.
	unserved
	// removed: the key is gone; an error that says what to write instead.
	removed
)

// A key is one row of the table of configuration keys.
type key struct {
	name  string
	scope scope
	use   use
	// into gives the variable to fill, whose type is the shape that is checked; see decode.
	into func(*Project) any
	// note is the hint of a removed key.
	note string
}

// drop is the target of a value that is checked and not kept.
func drop[T any](*Project) any { return new(T) }

// keys is THE list of configuration keys, sorted by name within each part. To add one, add a row and the field of Project it fills.
//
// Source: the configuration reference of wrangler 4 (https://developers.cloudflare.com/workers/wrangler/configuration/).
var keys = []key{
	// What the project is and how it is built.
	{name: "alias", scope: topOnly, into: func(p *Project) any { return &p.Alias }},
	{name: "base_dir", into: func(p *Project) any { return &p.BaseDir }},
	{name: "compatibility_date", into: func(p *Project) any { return &p.CompatibilityDate }},
	{name: "compatibility_flags", into: func(p *Project) any { return &p.CompatibilityFlags }},
	{name: "define", scope: own, into: func(p *Project) any { return &p.Define }},
	{name: "dev", scope: topOnly, into: func(p *Project) any { return &p.Dev }},
	{name: "find_additional_modules", into: func(p *Project) any { return &p.FindAdditionalModules }},
	{name: "jsx_factory", into: func(p *Project) any { return &p.JSXFactory }},
	{name: "jsx_fragment", into: func(p *Project) any { return &p.JSXFragment }},
	{name: "keep_names", into: func(p *Project) any { return &p.KeepNames }},
	{name: "limits", into: func(p *Project) any { return &p.Limits }},
	{name: "main", into: func(p *Project) any { return &p.Main }},
	{name: "minify", into: func(p *Project) any { return &p.Minify }},
	{name: "name", into: func(p *Project) any { return &p.Name }},
	{name: "no_bundle", into: func(p *Project) any { return &p.NoBundle }},
	{name: "preserve_file_names", into: func(p *Project) any { return &p.PreserveFileNames }},
	{name: "rules", into: func(p *Project) any { return &p.Rules }},
	{name: "triggers", into: func(p *Project) any { return &p.Triggers }},
	{name: "tsconfig", into: func(p *Project) any { return &p.TSConfig }},

	// What the worker reaches.
	{name: "analytics_engine_datasets", scope: own, use: reach, into: func(p *Project) any { return &p.AnalyticsDatasets }},
	{name: "assets", use: reach, into: func(p *Project) any { return &p.Assets }},
	{name: "d1_databases", scope: own, use: reach, into: func(p *Project) any { return &p.D1Databases }},
	{name: "data_blobs", scope: topOnly, use: reach, into: func(p *Project) any { return &p.DataBlobs }},
	{name: "durable_objects", scope: own, use: reach, into: func(p *Project) any { return &p.DurableObjects }},
	{name: "exports", use: reach, into: func(p *Project) any { return &p.Exports }},
	{name: "hyperdrive", scope: own, use: reach, into: func(p *Project) any { return &p.Hyperdrives }},
	{name: "kv_namespaces", scope: own, use: reach, into: func(p *Project) any { return &p.KVNamespaces }},
	{name: "migrations", use: reach, into: func(p *Project) any { return &p.Migrations }},
	{name: "pipelines", scope: own, use: reach, into: func(p *Project) any { return &p.Pipelines }},
	{name: "queues", scope: own, use: reach, into: func(p *Project) any { return &p.Queues }},
	{name: "r2_buckets", scope: own, use: reach, into: func(p *Project) any { return &p.R2Buckets }},
	{name: "ratelimits", scope: own, use: reach, into: func(p *Project) any { return &p.RateLimits }},
	{name: "secrets", scope: own, into: func(p *Project) any { return &p.Secrets }},
	{name: "secrets_store_secrets", scope: own, use: reach, into: func(p *Project) any { return &p.StoreSecrets }},
	{name: "send_email", scope: own, use: reach, into: func(p *Project) any { return &p.SendEmails }},
	{name: "services", scope: own, use: reach, into: func(p *Project) any { return &p.Services }},
	{name: "streaming_tail_consumers", scope: own, use: reach, into: func(p *Project) any { return &p.StreamingTailConsumers }},
	{name: "tail_consumers", scope: own, use: reach, into: func(p *Project) any { return &p.TailConsumers }},
	{name: "text_blobs", scope: topOnly, use: reach, into: func(p *Project) any { return &p.TextBlobs }},
	{name: "vars", scope: own, into: func(p *Project) any { return &p.Vars }},
	{name: "version_metadata", scope: own, use: reach, into: func(p *Project) any { return &p.VersionMetadata }},
	{name: "wasm_modules", scope: topOnly, use: reach, into: func(p *Project) any { return &p.WasmModules }},
	{name: "worker_loaders", scope: own, use: reach, into: func(p *Project) any { return &p.WorkerLoaders }},
	{name: "workflows", scope: own, use: reach, into: func(p *Project) any { return &p.Workflows }},

	// What only matters when Cloudflare runs it.
	{name: "$schema", scope: topOnly, use: deployOnly, into: drop[string]},
	{name: "access", use: deployOnly, into: drop[any]},
	{name: "account_id", use: deployOnly, into: drop[string]},
	{name: "addresses", scope: topOnly, use: deployOnly, into: drop[[]string]},
	{name: "cache", use: deployOnly, into: drop[any]},
	{name: "compliance_region", use: deployOnly, into: drop[string]},
	{name: "dependencies_instrumentation", scope: topOnly, use: deployOnly, into: drop[any]},
	{name: "first_party_worker", use: deployOnly, into: drop[bool]},
	{name: "keep_vars", scope: topOnly, use: deployOnly, into: drop[bool]},
	{name: "logpush", use: deployOnly, into: drop[bool]},
	{name: "observability", use: deployOnly, into: drop[map[string]any]},
	{name: "placement", use: deployOnly, into: drop[map[string]any]},
	{name: "preview_urls", use: deployOnly, into: drop[bool]},
	{name: "previews", use: deployOnly, into: drop[any]},
	{name: "route", use: deployOnly, into: drop[any]},
	{name: "routes", use: deployOnly, into: drop[[]any]},
	{name: "send_metrics", scope: topOnly, use: deployOnly, into: drop[bool]},
	{name: "upload_source_maps", use: deployOnly, into: drop[bool]},
	{name: "workers_dev", use: deployOnly, into: drop[bool]},

	// What dynos does not serve.
	{name: "agent_memory", scope: own, use: unserved, into: drop[[]any]},
	{name: "ai", scope: own, use: unserved, into: drop[Named]},
	{name: "ai_search", scope: own, use: unserved, into: drop[[]any]},
	{name: "ai_search_namespaces", scope: own, use: unserved, into: drop[[]any]},
	{name: "artifacts", scope: own, use: unserved, into: drop[[]any]},
	{name: "browser", scope: own, use: unserved, into: drop[Named]},
	{name: "build", use: unserved, into: drop[map[string]any]},
	{name: "cloudchamber", scope: own, use: unserved, into: drop[map[string]any]},
	{name: "connect", scope: own, use: unserved, into: drop[[]any]},
	{name: "containers", scope: own, use: unserved, into: drop[[]any]},
	{name: "dispatch_namespaces", scope: own, use: unserved, into: drop[[]any]},
	{name: "flagship", scope: own, use: unserved, into: drop[[]any]},
	{name: "images", scope: own, use: unserved, into: drop[Named]},
	{name: "logfwdr", use: unserved, into: drop[map[string]any]},
	{name: "media", scope: own, use: unserved, into: drop[Named]},
	{name: "mtls_certificates", scope: own, use: unserved, into: drop[[]any]},
	{name: "pages_build_output_dir", scope: topOnly, use: unserved, into: drop[string]},
	{name: "python_modules", use: unserved, into: drop[map[string]any]},
	{name: "site", scope: topOnly, use: unserved, into: drop[map[string]any]},
	{name: "stream", scope: own, use: unserved, into: drop[Named]},
	{name: "unsafe", scope: own, use: unserved, into: drop[map[string]any]},
	{name: "unsafe_hello_world", scope: own, use: unserved, into: drop[[]any]},
	{name: "vectorize", scope: own, use: unserved, into: drop[[]any]},
	{name: "vpc_networks", scope: own, use: unserved, into: drop[[]any]},
	{name: "vpc_services", scope: own, use: unserved, into: drop[[]any]},
	{name: "websearch", scope: own, use: unserved, into: drop[Named]},

	// What is gone.
	{name: "legacy_env", use: removed, into: drop[json.RawMessage], note: "remove it: every environment is a worker of its own, named NAME-ENV"},
	{name: "node_compat", use: removed, into: drop[json.RawMessage], note: `add "nodejs_compat" to compatibility_flags instead`},
	{name: "usage_model", use: removed, into: drop[json.RawMessage], note: "remove it: there is one usage model"},
}

// findKey gives the row of a key, nil if there is none.
func findKey(name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

// keyNames lists the keys that may stand at the top level, or in a named environment.
func keyNames(environment bool) []string {
	var names []string
	for _, k := range keys {
		if k.use != removed && !(environment && k.scope == topOnly) {
			names = append(names, k.name)
		}
	}
	if !environment {
		names = append(names, "env")
	}
	return names
}
