package wrangler

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKeysAreSortedAndUnique(t *testing.T) {
	seen := map[string]bool{}
	for i, k := range keys {
		require.False(t, seen[k.name], k.name)
		seen[k.name] = true
		require.NotNil(t, k.into, k.name)
		require.Equal(t, k.use == removed, k.note != "", "%s: only a removed key has a note, and it has one", k.name)
		if i > 0 && k.use == keys[i-1].use && k.use != served {
			require.Less(t, keys[i-1].name, k.name)
		}
	}
}

// Each key has a field of its own, so that no row fills what another one does.
func TestKeysFillDifferentFields(t *testing.T) {
	p := &Project{}
	filled := map[uintptr]string{}
	for _, k := range keys {
		if k.use != served && k.use != reach {
			continue
		}
		at := reflect.ValueOf(k.into(p)).Pointer()
		require.Empty(t, filled[at], k.name)
		filled[at] = k.name
	}
}

func TestTagsAreUnderstood(t *testing.T) {
	var visit func(typ reflect.Type)
	visit = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			visit(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				field := typ.Field(i)
				parts := strings.Split(field.Tag.Get("key"), ",")
				require.NotEmpty(t, parts[0], "%s.%s has no key", typ, field.Name)
				for _, part := range parts[1:] {
					require.Regexp(t, `^(required|binding|one of .+)$`, part, "%s.%s", typ, field.Name)
				}
				visit(field.Type)
			}
		}
	}
	for _, k := range keys {
		if target := reflect.TypeOf(k.into(&Project{})).Elem(); target != varsType {
			visit(target)
		}
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{"mian": "main", "Main": "main", "kv_namespace": "kv_namespaces", "service": "services", "zzzz": "", "": ""} {
		require.Equal(t, want, nearest(word, keyNames(false)), word)
	}
}
