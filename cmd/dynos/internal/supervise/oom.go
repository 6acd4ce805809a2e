package supervise

import (
	"bytes"
	"os"
	"strconv"
)

// oomKills is how many processes the kernel has killed for want of memory since it runs; 0 if it does not say.
func oomKills() int64 {
	text, err := os.ReadFile("/proc/vmstat")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, []byte("oom_kill ")); ok {
			n, _ := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
			return n
		}
	}
	return 0
}

// newOOMKills says whether there were some since the last call.
func (s *supervisor) newOOMKills() bool {
	before := s.oomKills
	s.oomKills = oomKills()
	return s.oomKills > before
}
