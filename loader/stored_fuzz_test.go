package loader

import "testing"

// Whatever bytes are stored for a stub: it is one that can be described again, or a failure.
func FuzzStoredStub(f *testing.F) {
	for _, seed := range []string{
		`{"worker":"main","export":"X"}`, `{"worker":"main","export":"X","class":true,"caps":[{"space":"s","id":"00"}]}`, `{"vendor":{"worker":"main"},"params":"AA==","object":true}`,
		`{"space":"s","id":"00","name":"n"}`, `{}`, `[]`, `{"vendor":{"vendor":{"vendor":{}}}}`, `{"worker":"gone"}`, ``,
	} {
		f.Add([]byte(seed))
	}
	w := &worker{name: "main", def: &definition{flags: map[string]bool{storageFlag: true}}}
	rt := &Runtime{byName: map[string]*worker{"main": w}, spaces: []*actorSpace{newActorSpace(w, ObjectClass{Name: "S", UniqueKey: "s"})}}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, failure := rt.readStored(data)
		if failure != nil {
			return
		}
		if _, gone := s.(refusal); gone {
			return
		}
		if _, failure := describe(s, 0); failure != nil && failure != errNotStorable && failure != errTooDeepStub {
			t.Errorf("%q: %v", data, failure)
		}
	})
}
