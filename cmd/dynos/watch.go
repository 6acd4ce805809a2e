package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// watchInterval is how often files are looked at. Looking needs nothing from the system, so that it works on every file system.
const watchInterval = 300 * time.Millisecond

// maxWatched bounds how many files are looked at; a change of another is not seen.
const maxWatched = 20_000

// A fileState is what changes when a file does.
type fileState struct {
	size     int64
	modified time.Time
}

// snapshot looks at the files below the folders of paths, but for those of packages, of version control and of tools.
func snapshot(paths []string) map[string]fileState {
	files := map[string]fileState{}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || len(files) >= maxWatched:
				return nil // what cannot be looked at does not change
			case entry.IsDir() && name != path && (entry.Name() == "node_modules" || entry.Name()[0] == '.'):
				return fs.SkipDir
			case entry.IsDir():
				return nil
			}
			if info, err := entry.Info(); err == nil {
				files[name] = fileState{info.Size(), info.ModTime()}
			}
			return nil
		})
	}
	return files
}

func sameFiles(a, b map[string]fileState) bool {
	if len(a) != len(b) {
		return false
	}
	for name, state := range a {
		if other, ok := b[name]; !ok || other.size != state.size || !other.modified.Equal(state.modified) {
			return false
		}
	}
	return true
}

// waitForChange returns when a file below the folders of paths is not as it was; false if ctx ends first.
func waitForChange(ctx context.Context, paths []string, was map[string]fileState) bool {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
			if !sameFiles(was, snapshot(paths)) {
				return true
			}
		}
	}
}
