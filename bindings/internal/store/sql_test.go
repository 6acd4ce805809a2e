package store

import (
	"bufio"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answer is what a script would see of a statement. Blobs are {}, more than six rows are their number.
type answer struct {
	Columns []string `json:"columns"`
	Rows    any      `json:"rows"`
	Written *int64   `json:"written,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func ask(o *Object, text string, values ...driver.Value) answer {
	k, err := o.Run(text, values)
	if err != nil {
		return answer{Error: err.Error()}
	}
	rows := []any{}
	for {
		row, err := k.Next()
		if err != nil {
			return answer{Error: err.Error()}
		}
		if row == nil {
			break
		}
		shown := []any{}
		for _, v := range row {
			switch v := v.(type) {
			case []byte:
				shown = append(shown, map[string]any{})
			case float64:
				if math.IsInf(v, 0) {
					shown = append(shown, nil) // as in JSON
				} else {
					shown = append(shown, v)
				}
			case int64:
				shown = append(shown, float64(v))
			default:
				shown = append(shown, v)
			}
		}
		rows = append(rows, shown)
	}
	a := answer{Columns: k.Columns(), Rows: rows, Written: &k.written}
	if a.Columns == nil {
		a.Columns = []string{}
	}
	if len(rows) > 6 {
		a.Rows = float64(len(rows))
	}
	return a
}

// rowsOf are the rows of a statement that must work.
func rowsOf(t testing.TB, o *Object, text string, values ...driver.Value) string {
	t.Helper()
	a := ask(o, text, values...)
	require.Empty(t, a.Error, text)
	shown, err := json.Marshal(a.Rows)
	require.NoError(t, err)
	return string(shown)
}

// Each line of the file is a statement, in order, and what the reference runtime answers. What it counts as read is not in it.
func TestSQLAnswers(t *testing.T) {
	f, err := os.Open("testdata/sql.jsonl")
	require.NoError(t, err)
	defer f.Close()
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct {
			answer
			SQL  string `json:"sql"`
			Args []any  `json:"args"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		if needsTags(line.SQL) {
			continue
		}
		var values []driver.Value
		for _, v := range line.Args {
			if b, ok := v.(bool); ok {
				v = fmt.Sprint(b)
			}
			values = append(values, v)
		}
		got := ask(o, line.SQL, values...)
		if line.Written == nil {
			got.Written = nil
		}
		assert.Equal(t, line.answer, got, line.SQL)
	}
}

// needsTags says whether a statement needs a part of SQLite that is not always built in.
func needsTags(text string) bool { return strings.Contains(text, "fts5") }

func TestCursors(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		o := object(t, s, "a")
		rowsOf(t, o, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)")
		first, err := o.Run("SELECT n FROM t", nil)
		require.NoError(t, err)
		second, err := o.Run("SELECT n FROM t", nil)
		require.NoError(t, err)
		assert.True(t, o.busyNow(), "a file is not closed while something is read from it")
		for n := int64(1); n <= 3; n++ {
			for _, k := range []*Cursor{second, first} {
				assert.Equal(t, n, k.Read(), "it is one row ahead")
				row, err := k.Next()
				require.NoError(t, err)
				assert.Equal(t, []driver.Value{n}, row)
				assert.Equal(t, n == 3, k.Done())
			}
		}
		row, err := first.Next()
		assert.True(t, row == nil && err == nil)
		commit(t, o)
		assert.False(t, o.busyNow())

		k, err := o.Run("SELECT n FROM t", nil)
		require.NoError(t, err)
		assert.True(t, k.Reused())
		require.NoError(t, o.DeleteAll())
		_, err = k.Next()
		assert.Equal(t, errDeleted, err)
		assert.Equal(t, "no such table: t: SQLITE_ERROR", ask(o, "SELECT n FROM t").Error)
	})
}

func (o *Object) busyNow() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.busy()
}

func TestManyCursors(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	var all []*Cursor
	for n := range maxCursors + 1 {
		k, err := o.Run("SELECT ? UNION ALL SELECT 2 UNION ALL SELECT 3", []driver.Value{int64(n)})
		require.NoError(t, err)
		all = append(all, k)
	}
	_, err := all[0].Next()
	assert.Equal(t, errManyCursors, err)
	row, err := all[1].Next()
	require.NoError(t, err)
	assert.Equal(t, []driver.Value{int64(1)}, row)
	for _, k := range all {
		k.Close()
	}
	assert.Empty(t, o.conn.sql.cursors)
}

// The driver makes times and booleans of what columns of some types hold.
func TestValuesAreAsStored(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	rowsOf(t, o, "CREATE TABLE t (a DATE, b DATETIME, c TIMESTAMP, d BOOLEAN, e BLOB)")
	for range 2 {
		assert.Equal(t, "[]", rowsOf(t, o, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", "2020-01-01", float64(1577836800), "soon", float64(2), "text"))
		assert.Equal(t, "[]", rowsOf(t, o, "DELETE FROM t WHERE a = 'none'"))
		assert.Equal(t, `[["2020-01-01",1577836800,"soon",2,"text"]]`, rowsOf(t, o, "SELECT * FROM t LIMIT 1"))
		rowsOf(t, o, "ALTER TABLE t ADD COLUMN x"+fmt.Sprint(len(o.conn.sql.prepared))+" DATE")
		assert.Equal(t, `[["2020-01-01",1577836800,"soon",2,"text"]]`, rowsOf(t, o, "SELECT a, b, c, d, e FROM t LIMIT 1"))
		rowsOf(t, o, "DELETE FROM t")
		rowsOf(t, o, "DROP TABLE t; CREATE TABLE t (a DATE, b DATETIME, c TIMESTAMP, d BOOLEAN, e BLOB)")
	}
}

// What a script writes belongs to the transaction of its object, and a prepared statement sees a changed schema.
func TestSQLInTransactions(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	assert.Equal(t, "[[1]]", rowsOf(t, o, "SELECT 1"))
	assert.False(t, o.Dirty(), "reading begins none")
	rowsOf(t, o, "CREATE TABLE t (n)")
	assert.True(t, o.Dirty())
	commit(t, o)
	rowsOf(t, o, "INSERT INTO t VALUES (1)")
	require.NoError(t, o.Savepoint())
	rowsOf(t, o, "INSERT INTO t VALUES (2); CREATE TABLE u (n)")
	assert.Equal(t, "[[1],[2]]", rowsOf(t, o, "SELECT * FROM t"))
	require.NoError(t, o.RollbackTo())
	assert.Equal(t, "[[1]]", rowsOf(t, o, "SELECT * FROM t"))
	require.NoError(t, o.Rollback())
	assert.Equal(t, "[]", rowsOf(t, o, "SELECT * FROM t"))
	assert.Equal(t, "no such table: u: SQLITE_ERROR", ask(o, "SELECT * FROM u").Error)
	rowsOf(t, o, "ALTER TABLE t ADD COLUMN m DEFAULT 5; INSERT INTO t (n) VALUES (1)")
	assert.Equal(t, answer{Columns: []string{"n", "m"}, Rows: []any{[]any{1.0, 5.0}}, Written: new(int64)}, ask(o, "SELECT * FROM t"))
}

// A statement of a script that was prepared when it was harmless is asked about again when the schema has changed under it.
func TestSchemaCannotLendOurTables(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	put(t, o, "secret=1")
	rowsOf(t, o, "CREATE TABLE t (key)")
	assert.Equal(t, "[]", rowsOf(t, o, "SELECT * FROM t"))
	rowsOf(t, o, "DROP TABLE t; CREATE VIEW t AS SELECT key FROM _cf_KV")
	for _, text := range []string{
		"SELECT * FROM t", "ALTER TABLE t RENAME TO \"_CF_x\"", "ALTER TABLE t RENAME TO [_cf_x]",
		"CREATE TRIGGER x AFTER INSERT ON _cf_KV BEGIN SELECT 1; END", "INSERT INTO _cf_KV VALUES (1, 2)", "SELECT * FROM main._cf_KV", "UPDATE _cf_METADATA SET value = 1",
		"SELECT * FROM pragma_table_info('_cf_KV')", "PRAGMA quick_check(_cf_KV)", "CREATE TABLE u AS SELECT * FROM _cf_KV",
		"CREATE TABLE u (k REFERENCES _cf_KV (key)); EXPLAIN SELECT * FROM _cf_KV",
	} {
		assert.Contains(t, ask(o, text).Error, ": SQLITE_", text)
	}
	assert.Equal(t, "secret=1", keys(t, o, Range{}))
}

func TestPreparedStatementsAreBounded(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	text := func(n int) string { return fmt.Sprintf("SELECT %d, '%s'", n, strings.Repeat("x", 90_000)) }
	for n := range 20 {
		rowsOf(t, o, text(n))
	}
	sql := &o.conn.sql
	assert.LessOrEqual(t, sql.size, maxPrepared)
	assert.Len(t, sql.prepared, maxPrepared/90_000)
	assert.Nil(t, sql.prepared[text(0)])
	assert.NotNil(t, sql.prepared[text(19)])
	count := 0
	for s := sql.newest; s != nil; s = s.older {
		count++
	}
	assert.Equal(t, len(sql.prepared), count)
}

// A statement that runs for too long is stopped, and the next one works.
func TestInterrupt(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	rowsOf(t, o, "CREATE TABLE t (n)")
	commit(t, o)
	const endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
	for _, text := range []string{endless + "SELECT max(n) FROM c", endless + "INSERT INTO t SELECT n FROM c WHERE n < 0"} {
		rowsOf(t, o, "SELECT 1")
		b := o.conn.sql.breaker
		b.onCall = func() { go b.interrupt() }
		assert.Equal(t, "interrupted: SQLITE_INTERRUPT", ask(o, text).Error)
		require.NoError(t, o.Reset()) // SQLite has rolled back what wrote
		assert.Equal(t, "[]", rowsOf(t, o, "SELECT * FROM t"))
	}
}

func TestSplitSQL(t *testing.T) {
	for text, want := range map[string][]string{
		"":                          {""},
		" ; ":                       {" ; "},
		"SELECT 1":                  {"SELECT 1"},
		"SELECT 1; \n":              {"SELECT 1; \n"},
		" ;;SELECT 1;;":             {" ;;SELECT 1;", ";"},
		"a; b ;c":                   {"a;", "b ;", "c"},
		"a;-- b":                    {"a;", "-- b"},
		"a ';' \"; \"\" \" [;] `;`": {"a ';' \"; \"\" \" [;] `;`"},
		"a /* ; */ -- ;\n; b":       {"a /* ; */ -- ;\n;", "b"},
		"a 'it''s; ' ;b":            {"a 'it''s; ' ;", "b"},
		"a 'never ; ends":           {"a 'never ; ends"},
		"a /* never ; ends":         {"a /* never ; ends"},
		"a\x00;b":                   {"a", "\x00;b"},
		"\x00":                      {"\x00"},
		"CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END; b": {"CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END;", "b"},
		"explain create temp trigger t BEGIN ; ; end ; b":                                            {"explain create temp trigger t BEGIN ; ; end ;", "b"},
		"CREATE TABLE trigger (a); b":                                                                {"CREATE TABLE trigger (a);", "b"},
	} {
		before, last := splitSQL(text)
		assert.Equal(t, want, append(before, last), text)
	}
	for text, want := range map[string]int{"": 0, "a": 0, "a;": 2, " a ; b;": 4, "a';": 0, "-- a;": 0, ";": 1, "CREATE TRIGGER t BEGIN a;": 0, "CREATE TRIGGER t BEGIN a; END;": 30} {
		assert.Equal(t, want, CompleteSQL(text), text)
	}
}

func FuzzSplitSQL(f *testing.F) {
	for _, text := range []string{"a;b", "'", "/*", "--", "CREATE TRIGGER ; END ;", "\x00;\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before, last := splitSQL(text)
		length := len(last)
		for _, part := range before {
			length += len(part)
		}
		if length > len(text) {
			t.Fatalf("%q has become longer", text)
		}
	})
}

// Whatever a script asks for, an error of it is a *SQLError and the object goes on.
func TestErrorsOfScripts(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	for _, text := range []string{"nonsense", "SELECT json('{')", "SELECT " + strings.Repeat("(", 200), strings.Repeat("SELECT 1;", 20_000), "SELECT zeroblob(5000000)"} {
		_, err := o.Run(text, nil)
		var e *SQLError
		require.True(t, errors.As(err, &e), "%.50s: %v", text, err)
	}
	assert.Equal(t, "[[1]]", rowsOf(t, o, "SELECT 1"))
}

func BenchmarkPointSelect(b *testing.B) {
	o := benchObject(b)
	rowsOf(b, o, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n INTEGER)")
	for i := range 1000 {
		rowsOf(b, o, "INSERT INTO t VALUES (?, ?, ?)", int64(i), fmt.Sprint("name ", i), int64(i))
	}
	require.NoError(b, o.Commit())
	values := []driver.Value{float64(500)}
	for b.Loop() {
		k, err := o.Run("SELECT * FROM t WHERE id = ?", values)
		if err != nil {
			b.Fatal(err)
		}
		if row, err := k.Next(); err != nil || row == nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInsert(b *testing.B) {
	o := benchObject(b)
	rowsOf(b, o, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
	values := []driver.Value{"name"}
	for b.Loop() {
		if _, err := o.Run("INSERT INTO t (name) VALUES (?)", values); err != nil {
			b.Fatal(err)
		}
	}
}
