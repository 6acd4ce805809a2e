package isolate_test

import (
	"testing"

	"github.com/dynos-run/dynos/isolate"
)

// BenchmarkNew is what a cold dynamic worker costs before its code: an isolate from the snapshot, and its end.
func BenchmarkNew(b *testing.B) {
	startEngine(b)
	b.ReportAllocs()
	for b.Loop() {
		isolate.New(nil, isolate.Memory{}).Close()
	}
	b.ReportMetric(float64(isolate.SnapshotSize())/1024, "KiB/snapshot")
}
