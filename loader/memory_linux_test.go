package loader_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// residentBytes is the memory of the process, V8's included.
func residentBytes(t *testing.T) int64 {
	data, err := os.ReadFile("/proc/self/statm")
	require.NoError(t, err)
	var size, resident int64
	_, err = fmt.Sscan(string(data), &size, &resident)
	require.NoError(t, err)
	return resident * int64(os.Getpagesize())
}
