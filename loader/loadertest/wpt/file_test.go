package wpt

import (
	_ "embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// A file is a test file of a checkout, with one of its variants.
type file struct {
	site    *site
	path    string // below the root
	variant string // "?…" or ""
}

func (f file) name() string { return f.path + f.variant }

var (
	metaLine    = regexp.MustCompile(`(?m)^// META:\s*(\w+)=(.*)$`)
	importLine  = regexp.MustCompile(`(?m)^\s*importScripts\((.*)\);?\s*$`)
	declaration = regexp.MustCompile(`(?m)^(?:async )?function\s*\*?\s*(\w+)`)
	quotedText  = regexp.MustCompile(`["']([^"']+)["']`)
	testSuffix  = regexp.MustCompile(`\.(any|window|worker)\.js$`)
	needsWindow = regexp.MustCompile(`\bdocument\.|createElement|\biframe\b|new Worker\(|SharedWorker|window\.open|\bXMLHttpRequest\b`)
)

// variantsOf lists the variants that a file asks to be run in; itself if none.
func (s *site) variantsOf(name string) ([]file, error) {
	text, err := os.ReadFile(filepath.Join(s.root, name))
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(name, ".window.js") && needsWindow.Match(text) {
		return nil, nil // of documents
	}
	var list []file
	for _, m := range metaLine.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "variant" && m[2] != "" {
			list = append(list, file{s, name, m[2]})
		}
	}
	if len(list) == 0 {
		list = []file{{s, name, ""}}
	}
	return list, nil
}

//go:embed runner/frame.js
var frame string

// program is the text of the file with all that it includes, to be run as one sloppy function.
func (f file) program() (string, error) {
	var b strings.Builder
	seen := map[string]bool{}
	if err := f.include(&b, "/resources/testharness.js", seen); err != nil {
		return "", err
	}
	harness := b.String()
	b.Reset()
	if err := f.include(&b, "/"+f.path, seen); err != nil {
		return "", err
	}
	return strings.NewReplacer("HARNESS;", harness, "TESTS;", b.String()).Replace(frame), nil
}

// include appends a script, after the scripts that it asks for.
func (f file) include(b *strings.Builder, name string, seen map[string]bool) error {
	if seen[name] {
		return nil
	}
	seen[name] = true
	data, err := os.ReadFile(f.site.find(name))
	if err != nil {
		return err
	}
	text := string(data)
	for _, m := range metaLine.FindAllStringSubmatch(text, -1) {
		if m[1] == "script" {
			if err := f.include(b, resolve(name, strings.TrimSpace(m[2])), seen); err != nil {
				return err
			}
		}
	}
	for _, m := range importLine.FindAllStringSubmatch(text, -1) {
		for _, script := range quotedText.FindAllStringSubmatch(m[1], -1) {
			if err := f.include(b, resolve(name, script[1]), seen); err != nil {
				return err
			}
		}
	}
	text = importLine.ReplaceAllString(text, "")
	if strings.Contains(name, ".sub.") {
		text = f.site.substitute(text)
	}
	_, err = fmt.Fprintf(b, "%s\n;\n", text)
	// What a script declares is global where scripts are no functions.
	for _, m := range declaration.FindAllStringSubmatch(text, -1) {
		fmt.Fprintf(b, "if (typeof %s === \"function\") globalThis.%[1]s = %[1]s;\n", m[1])
	}
	return err
}

func resolve(from, script string) string {
	if strings.HasPrefix(script, "/") {
		return script
	}
	return path.Join(path.Dir(from), script)
}
