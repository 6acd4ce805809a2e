package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// crashDir names the folder in which this test binary, started once more, writes until it is killed.
const crashDir = "DYNOS_TEST_STORE_CRASH"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Fprintln(os.Stderr, writeForever(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever counts in two keys of an object and says each number when it is durable.
func writeForever(dir string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	o, err := s.Object("space", "counter")
	if err != nil {
		return err
	}
	value, _, err := o.Get("a")
	if err != nil {
		return err
	}
	start, _ := strconv.Atoi(string(value))
	for i := start + 1; ; i++ {
		for _, key := range []string{"a", "b"} {
			if err := o.Put(key, []byte(strconv.Itoa(i))); err != nil {
				return err
			}
		}
		if err := o.Commit(); err != nil {
			return err
		}
		if err := flush(o); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// A process that is killed has lost nothing that it said was written, and has left no half transaction.
func TestKill(t *testing.T) {
	dir, last := t.TempDir(), 0
	for round := range 15 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), crashDir+"="+dir)
		command.Stderr = os.Stderr
		out, err := command.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		lines := bufio.NewScanner(out)
		for range 3 + round*2 {
			require.True(t, lines.Scan(), "the writer has ended by itself")
			last, err = strconv.Atoi(lines.Text())
			require.NoError(t, err)
		}
		require.NoError(t, command.Process.Kill())
		for lines.Scan() { // what it said before it was killed counts too
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				last = max(last, n)
			}
		}
		_ = command.Wait() // killed

		s, err := Open(dir, Options{})
		require.NoError(t, err)
		o, err := s.Object("space", "counter")
		require.NoError(t, err)
		a, _, err := o.Get("a")
		require.NoError(t, err)
		b, _, err := o.Get("b")
		require.NoError(t, err)
		require.Equal(t, string(a), string(b))
		n, err := strconv.Atoi(string(a))
		require.NoError(t, err)
		require.GreaterOrEqual(t, n, last)
		o.Release()
		require.NoError(t, s.Close())
	}
}

func BenchmarkGet(b *testing.B) {
	o := benchObject(b)
	for b.Loop() {
		if _, found, err := o.Get("key"); err != nil || !found {
			b.Fatal(err)
		}
	}
}

func BenchmarkPutCommit(b *testing.B) {
	o, i := benchObject(b), 0
	for b.Loop() {
		i++ // SQLite does not write a page that stays as it is
		if err := o.Put("key", strconv.AppendInt(nil, int64(i), 10)); err != nil {
			b.Fatal(err)
		}
		if err := o.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchObject(b *testing.B) *Object {
	s, err := Open(b.TempDir(), Options{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = s.Close() })
	o, err := s.Object("space", "a")
	require.NoError(b, err)
	require.NoError(b, o.Put("key", []byte("value")))
	require.NoError(b, o.Commit())
	return o
}
