package wrangler

import (
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// StripTypes turns a TypeScript module into the JavaScript that it is without its types, and gives the source map. Imports stay as they are.
//
// Errors: *Error, each diagnostic at its place in the file.
func StripTypes(file string, source []byte) (code, sourceMap []byte, err error) {
	result := api.Transform(string(source), api.TransformOptions{
		Loader: api.LoaderTS, Target: api.ESNext, Sourcefile: filepath.ToSlash(file), Sourcemap: api.SourceMapExternal,
		SourcesContent: api.SourcesContentExclude, LogLevel: api.LogLevelSilent, TsconfigRaw: "{}",
	})
	if len(result.Errors) > 0 {
		p := &Project{}
		r := &report{}
		p.messages(r, result.Errors, SeverityError)
		_, err := r.result()
		return nil, nil, err
	}
	return result.Code, result.Map, nil
}
