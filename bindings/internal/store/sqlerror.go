package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// The reference runtime says of an error of SQL what SQLite says, where in the text it is, and the code by its name. SQLite knows the place and the driver
// does not tell, so it is found out again: from what the message names.

// describe makes an error of a script's statement what the script sees. refused is why a statement was refused, "" for SQLite's words.
func (c *conn) describe(text string, err error, refused string) error {
	var e sqlite3.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &SQLError{"interrupted: SQLITE_INTERRUPT", err}
	case !errors.As(err, &e):
		return err
	case e.Code == sqlite3.ErrAuth && refused != "":
		return &SQLError{refused, err}
	}
	return &SQLError{describeCode(e.Error(), c.offset(text, e.Error()), e), err}
}

// violated is what callers are told of an object whose script has left what was deferred undone.
const violated = "Durable Object was reset and rolled back to its last known good state because the application left the database in a state where constraints were violated: "

// describeCommit says what a script has done if its transaction cannot be committed because of a constraint.
func describeCommit(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrConstraint {
		return &SQLError{violated + describeCode(e.Error(), -1, e), err}
	}
	return err
}

func describeCode(message string, offset int, e sqlite3.Error) string {
	if offset >= 0 {
		message = fmt.Sprintf("%s at offset %d", message, offset)
	}
	message += ": " + codeName(int(e.Code))
	if extended := extendedNames[int(e.ExtendedCode)]; int(e.ExtendedCode) != int(e.Code) && extended != "" {
		message += " (extended: " + extended + ")"
	}
	return message
}

var codeNames = strings.Fields(`OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG
	CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB NOTICE WARNING`)

func codeName(code int) string {
	if code < len(codeNames) {
		return "SQLITE_" + codeNames[code]
	}
	return fmt.Sprintf("SQLITE_UNKNOWN_ERROR_CODE(%d)", code)
}

// extendedNames are the names of extended codes, which are in order above their primary ones.
var extendedNames = func() map[int]string {
	names := map[int]string{}
	for primary, list := range map[string]string{
		"ERROR": "MISSING_COLLSEQ RETRY SNAPSHOT",
		"ABORT": "- ROLLBACK",
		"BUSY":  "RECOVERY SNAPSHOT TIMEOUT", "LOCKED": "SHAREDCACHE VTAB",
		"READONLY": "RECOVERY CANTLOCK ROLLBACK DBMOVED CANTINIT DIRECTORY",
		"IOERR": `READ SHORT_READ WRITE FSYNC DIR_FSYNC TRUNCATE FSTAT UNLOCK RDLOCK DELETE BLOCKED NOMEM ACCESS CHECKRESERVEDLOCK LOCK CLOSE DIR_CLOSE SHMOPEN SHMSIZE
			SHMLOCK SHMMAP SEEK DELETE_NOENT MMAP GETTEMPPATH CONVPATH VNODE AUTH BEGIN_ATOMIC COMMIT_ATOMIC ROLLBACK_ATOMIC DATA CORRUPTFS`,
		"CORRUPT": "VTAB SEQUENCE INDEX", "CANTOPEN": "NOTEMPDIR ISDIR FULLPATH CONVPATH DIRTYWAL SYMLINK",
		"CONSTRAINT": "CHECK COMMITHOOK FOREIGNKEY FUNCTION NOTNULL PRIMARYKEY TRIGGER UNIQUE VTAB ROWID PINNED DATATYPE",
	} {
		for n, name := range strings.Fields(list) {
			names[slices.Index(codeNames, primary)|(n+1)<<8] = "SQLITE_" + primary + "_" + name
		}
	}
	return names
}()

var (
	nearPattern     = regexp.MustCompile(`(?s)^near "(.*)": syntax error$`)
	tokenPattern    = regexp.MustCompile(`(?s)^unrecognized token: "(.*)"$`)
	columnPattern   = regexp.MustCompile(`(?s)^(?:no such column|ambiguous column name): (.*)$`)
	functionPattern = regexp.MustCompile(`(?s)^(?:no such function: |not authorized to use function: |wrong number of arguments to function )(.*?)(?:\(\))?$`)
	misusePattern   = regexp.MustCompile(`(?s)^misuse of (?:aggregate: |aggregate function |window function |aliased aggregate |aliased window function )(.*?)(?:\(\))?$`)
	existsPattern   = regexp.MustCompile(`(?s)^(?:table|view) (.*) already exists$`)
)

// offset finds the place in a statement that a message is about, -1 if it is about none.
func (c *conn) offset(text, message string) int {
	if m := nearPattern.FindStringSubmatch(message); m != nil {
		return c.offsetOfSyntax(text, message, m[1])
	}
	if m := tokenPattern.FindStringSubmatch(message); m != nil {
		return strings.Index(text, m[1])
	}
	list := tokens(text)
	if m := columnPattern.FindStringSubmatch(message); m != nil {
		return offsetOfColumn(text, list, m[1])
	}
	if m := functionPattern.FindStringSubmatch(message); m != nil {
		return offsetOfName(text, list, m[1], false)
	}
	if m := misusePattern.FindStringSubmatch(message); m != nil {
		return offsetOfName(text, list, m[1], true)
	}
	if m := existsPattern.FindStringSubmatch(message); m != nil {
		return offsetOfName(text, list, m[1], false)
	}
	return -1
}

// offsetOfSyntax finds the token at which the parser gave up: with what comes before it alone, the message is another.
func (c *conn) offsetOfSyntax(text, message, near string) int {
	for at := 0; ; {
		n := strings.Index(text[at:], near)
		if n < 0 {
			return -1
		}
		at += n
		s, err := c.db.Prepare(text[:at+len(near)])
		if err == nil {
			_ = s.Close() // was never run
		} else if err.Error() == message {
			return at
		}
		at += max(len(near), 1)
	}
}

// offsetOfColumn finds a column, perhaps with its table before it. What UPDATE sets has no place.
func offsetOfColumn(text string, list []token, column string) int {
	parts := strings.Split(column, ".")
	setting := false
	for k := range list {
		switch {
		case list[k].is(text, "SET"):
			setting = true
		case list[k].is(text, "WHERE"), list[k].is(text, "FROM"), list[k].is(text, "RETURNING"):
			setting = false
		}
		if !matches(text, list[k:], parts) {
			continue
		}
		if next := k + 2*len(parts) - 1; setting && k > 0 && (list[k-1].is(text, "SET") || list[k-1].of(text) == ",") && next < len(list) && list[next].of(text) == "=" {
			return -1
		}
		return list[k].start
	}
	return -1
}

// matches says whether tokens begin with names that points join.
func matches(text string, list []token, parts []string) bool {
	if len(list) < 2*len(parts)-1 {
		return false
	}
	for n, part := range parts {
		if t := list[2*n]; t.kind == tokenOther || !strings.EqualFold(t.name(text), part) || n > 0 && list[2*n-1].of(text) != "." {
			return false
		}
	}
	return true
}

// offsetOfName finds a name: where it is first, or last.
func offsetOfName(text string, list []token, name string, last bool) int {
	found := -1
	for _, t := range list {
		if t.kind != tokenOther && strings.EqualFold(t.name(text), name) && (found < 0 || last) {
			found = t.start
		}
	}
	return found
}
