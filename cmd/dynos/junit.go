package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"

	"github.com/dynos-run/dynos/loader/loadertest"
)

// The elements of a JUnit report, as far as there is something to say: a suite is a file, a case a test.
type junitReport struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes the report to a file.
func writeJUnit(path string, results []*loadertest.Result) error {
	var report junitReport
	for _, r := range results {
		report.Suites = append(report.Suites, suiteOf(r))
	}
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(xml.Header+string(text)+"\n"), 0o644)
}

func suiteOf(r *loadertest.Result) junitSuite {
	suite := junitSuite{Name: r.Name, Time: fmt.Sprintf("%.3f", r.Duration.Seconds())}
	for _, t := range r.Tests {
		one := junitCase{Name: t.Name, Class: r.Name, Time: fmt.Sprintf("%.3f", t.Duration.Seconds()), Output: t.Log}
		if t.Outcome == loadertest.Failed {
			one.Failure = messageOf(t.Fault)
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, one)
	}
	if r.Reason != "" { // no test has run
		one := junitCase{Name: r.Name, Class: r.Name, Time: suite.Time, Output: r.Log}
		if r.Outcome == loadertest.Skipped {
			one.Skipped = messageOf(r.Reason)
			suite.Skipped++
		} else {
			one.Error = messageOf(r.Reason)
			suite.Errors++
		}
		suite.Cases = append(suite.Cases, one)
	}
	suite.Tests = len(suite.Cases)
	return suite
}

func messageOf(text string) *junitMessage {
	first, _, _ := strings.Cut(text, "\n")
	return &junitMessage{Message: first, Text: text}
}
