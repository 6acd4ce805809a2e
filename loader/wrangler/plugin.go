package wrangler

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// requireNamespace holds one tiny module per specifier that CommonJS code requires and the runtime provides: an ES module cannot require at run time.
const requireNamespace = "dynos-require"

// A collector is the esbuild plugin that decides what stays outside the bundle, and collects the modules that lie beside it. esbuild calls it from
// many goroutines.
type collector struct {
	project *Project
	globs   []glob
	// additional maps files that findModules found to their names.
	additional map[string]string

	mu      sync.Mutex
	inputs  map[string]bool
	modules map[string]Module
}

// marks tell a resolution the collector started from one of the source, so that it does not start it again.
type marks struct{ alias, rule bool }

func (c *collector) setup(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if args.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{}, nil
		}
		return c.resolve(build, args)
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: requireNamespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		text := requireModule(args.Path)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		c.input(args.Path)
		return api.OnLoadResult{}, nil
	})
}

func (c *collector) input(file string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inputs[file] = true
}

// resolve decides one import; an empty result leaves it to esbuild.
func (c *collector) resolve(build api.PluginBuild, args api.OnResolveArgs) (api.OnResolveResult, error) {
	mark, _ := args.PluginData.(marks)
	if args.Namespace == requireNamespace {
		return api.OnResolveResult{Path: args.Path, External: true}, nil
	}
	if target, ok := c.project.Alias[args.Path]; ok && !mark.alias {
		return c.resolved(build, args, target, c.project.Dir, marks{alias: true})
	}
	if result, ok := c.builtin(args); ok {
		return result, nil
	}
	if mark.rule || args.With["type"] != "" {
		return api.OnResolveResult{}, nil
	}
	return c.rules(build, args)
}

// resolved resolves another specifier in place of the given one.
func (c *collector) resolved(build api.PluginBuild, args api.OnResolveArgs, specifier, folder string, mark marks) (api.OnResolveResult, error) {
	found := build.Resolve(specifier, api.ResolveOptions{
		Importer: args.Importer, Namespace: args.Namespace, ResolveDir: folder, Kind: args.Kind, With: args.With, PluginData: mark,
	})
	return api.OnResolveResult{
		Errors: found.Errors, Warnings: found.Warnings, Path: found.Path, External: found.External,
		Namespace: found.Namespace, Suffix: found.Suffix, PluginData: found.PluginData,
	}, nil
}

// builtin leaves the runtime's own modules outside.
func (c *collector) builtin(args api.OnResolveArgs) (api.OnResolveResult, bool) {
	specifier := args.Path
	compat := c.project.hasFlag("nodejs_compat") || c.project.hasFlag("nodejs_compat_v2")
	result := api.OnResolveResult{}
	switch bare := strings.TrimPrefix(specifier, "node:"); {
	case strings.HasPrefix(specifier, "cloudflare:"), strings.HasPrefix(specifier, "workerd:"):
	case bare != specifier:
		if !compat && !(bare == "async_hooks" && c.project.hasFlag("nodejs_als")) {
			result.Warnings = []api.Message{{Text: fmt.Sprintf("%q needs the compatibility flag \"nodejs_compat\"", specifier)}}
		}
	case compat && isNodeBuiltin(specifier), specifier == "async_hooks" && c.project.hasFlag("nodejs_als"):
		specifier = "node:" + specifier
	default:
		return result, false
	}
	outside(&result, args, specifier)
	return result, true
}

// outside makes an import of a module the runtime provides. A require becomes an import in a module of its own.
func outside(result *api.OnResolveResult, args api.OnResolveArgs, specifier string) {
	result.Path = specifier
	if args.Kind == api.ResolveJSRequireCall {
		result.Namespace = requireNamespace
	} else {
		result.External = true
	}
}

// requireModule is the source that stands in for require(specifier).
func requireModule(specifier string) string {
	if strings.HasPrefix(specifier, "cloudflare:") {
		return fmt.Sprintf("import * as all from %q;\nmodule.exports = all;\n", specifier)
	}
	return fmt.Sprintf("import only from %q;\nmodule.exports = only;\n", specifier)
}

// rules makes a module of a file that a rule matches, or leaves a file outside that was found before.
func (c *collector) rules(build api.PluginBuild, args api.OnResolveArgs) (api.OnResolveResult, error) {
	specifier, _, _ := strings.Cut(args.Path, "?")
	if name, ok := c.additional[filepath.Join(args.ResolveDir, filepath.FromSlash(specifier))]; ok {
		result := api.OnResolveResult{}
		outside(&result, args, "./"+name)
		return result, nil
	}
	g := matchImport(c.globs, args.Path)
	legacy := false
	if g == nil && isBare(specifier) && !strings.Contains(specifier, "/") {
		// As the first wrangler did, "a.wasm" may mean "./a.wasm" beside the main module.
		if fileExists(filepath.Join(filepath.Dir(c.project.Main), specifier)) {
			g, legacy = matchImport(c.globs, "./"+specifier), true
		}
	}
	if g == nil || g.kind == ModuleES || g.kind == ModuleCommonJS {
		return api.OnResolveResult{}, nil
	}
	if g.shadowed {
		return api.OnResolveResult{Errors: []api.Message{{Text: shadowedMessage(args.Path, g)}}}, nil
	}
	folder := args.ResolveDir
	result := api.OnResolveResult{}
	if legacy {
		folder = filepath.Dir(c.project.Main)
		result.Warnings = []api.Message{{Text: fmt.Sprintf("%q names a file beside the main module, write %q", specifier, relativeImport(args.ResolveDir, folder, specifier))}}
		specifier = "./" + specifier
	}
	found := build.Resolve(specifier, api.ResolveOptions{
		Importer: args.Importer, Namespace: args.Namespace, ResolveDir: folder, Kind: args.Kind, PluginData: marks{rule: true},
	})
	if len(found.Errors) > 0 || found.External {
		return api.OnResolveResult{Errors: found.Errors}, nil
	}
	name, err := c.module(found.Path, specifier, g.kind)
	if err != nil {
		return result, err
	}
	outside(&result, args, "./"+name)
	return result, nil
}

// relativeImport spells the import of a file in one folder from a file in another.
func relativeImport(from, folder, name string) string {
	relative, err := filepath.Rel(from, filepath.Join(folder, name))
	if err != nil {
		return "./" + name
	}
	if relative = filepath.ToSlash(relative); strings.HasPrefix(relative, "../") {
		return relative
	}
	return "./" + relative
}

// module reads a file that becomes a module and gives its name: HASH-NAME, so that equal names in different folders do not meet, or the import's own
// path with preserve_file_names.
func (c *collector) module(file, specifier string, kind ModuleKind) (string, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inputs[file] = true
	sum := sha1.Sum(source)
	name := hex.EncodeToString(sum[:]) + "-" + path.Base(filepath.ToSlash(file))
	if c.project.PreserveFileNames {
		// path.Clean after a slash takes leading "../" off: a name cannot leave the bundle.
		kept := strings.TrimPrefix(path.Clean("/"+specifier), "/")
		if old, taken := c.modules[kept]; !taken || string(old.Source) == string(source) {
			name = kept
		}
	}
	c.modules[name] = Module{name, kind, source}
	return name, nil
}

// isBare reports whether a specifier names a package rather than a file.
func isBare(specifier string) bool {
	return specifier != "" && !strings.HasPrefix(specifier, ".") && !strings.HasPrefix(specifier, "/") && !strings.Contains(specifier, ":")
}
