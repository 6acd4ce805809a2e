package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// orphanPatience is how long engines may outlive their supervisor.
const orphanPatience = 3 * time.Second

// engines are the process ids of a server's engines that are no zombies, the oldest first.
func (s *server) engines() (list []int) {
	begun := map[int]int{} // process ids begin anew at times
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		at := bytes.LastIndexByte(text, ')') // a name may have anything in it
		if err != nil || at < 0 {
			continue
		}
		fields := bytes.Fields(text[at+1:])
		if len(fields) < 2 || string(fields[0]) == "Z" || string(fields[1]) != strconv.Itoa(s.command.Process.Pid) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		begun[pid], _ = strconv.Atoi(string(fields[19]))
		list = append(list, pid)
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(begun[a], begun[b]), cmp.Compare(a, b)) })
	return list
}

// await waits until a condition holds, or the patience ends.
func await(condition func() bool) bool {
	for end := time.Now().Add(patience); !condition(); {
		if time.Now().After(end) {
			return false
		}
		<-time.After(time.Millisecond)
	}
	return true
}

func spare(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	s := serverOf(ts)
	if !await(s.warm) {
		ts.Fatalf("there is no spare")
	}
}

// warm says whether there is a spare, and all engines have come so far that they have entered the sandbox. Then the oldest is the one that
// serves; before, a younger one might overtake it.
func (s *server) warm() bool {
	engines := s.engines()
	for _, pid := range engines {
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err != nil || !bytes.Contains(text, []byte("\nSeccomp:\t2\n")) {
			return false
		}
	}
	return len(engines) >= 2
}

func signalEngine(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	engines := serverOf(ts).engines()
	if len(engines) == 0 {
		ts.Fatalf("there is no engine")
	}
	ts.Check(syscall.Kill(engines[0], signalOf(ts, args[0])))
}

func alone(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	select {
	case <-serverOf(ts).ended: // all that could write to its streams
	case <-time.After(orphanPatience):
		ts.Fatalf("engines are left: %v", serverOf(ts).engines())
	}
}

func loses(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	s := serverOf(ts)
	s.answer = make(chan answer, 1)
	go func() {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
		s.answer <- answerOf(client.Get(s.url(args[0])))
	}()
}

func lost(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	if a := <-serverOf(ts).answer; a.err == nil {
		ts.Fatalf("there is an answer: %d %s", a.status, a.body)
	}
}

func complains(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	wanted, err := regexp.Compile(args[0])
	ts.Check(err)
	deadline := time.After(patience)
	for seen := ""; ; {
		select {
		case line, ok := <-serverOf(ts).faults:
			if wanted.MatchString(line) {
				return
			}
			seen += fmt.Sprintln(line)
			if !ok {
				ts.Fatalf("the server has ended; it said %s", seen)
			}
		case <-deadline:
			ts.Fatalf("the server says only %s", seen)
		}
	}
}
