package store

import (
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// What scripts may do in SQL is what the reference runtime lets them do. SQLite asks for every step of a statement while it prepares it, and when
// it does so again because the schema has changed; what it asks for statements of our own is granted.

// errTransaction is what the statements of transactions are answered.
const errTransaction = "To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() APIs instead of the SQL BEGIN " +
	"TRANSACTION or SAVEPOINT statements. The JavaScript API is safer because it will automatically roll back on exceptions, and because it interacts " +
	"correctly with Durable Objects' automatic atomic write coalescing."

// sqliteRecursive is an action that the driver does not name.
const sqliteRecursive = 33

// A warden is asked by SQLite. It belongs to a conn.
type warden struct {
	// script says that what is prepared or runs comes from a script.
	script bool
	// refused is why a statement was refused, if SQLite's words do not do.
	refused string
	// reads says that a table is read; writes is the first table that is changed.
	reads  bool
	writes string
}

// begin is called before a script's statement is prepared.
func (w *warden) begin() { *w = warden{script: true} }

func (w *warden) ask(action int, first, second, database string) int {
	if !w.script || w.allows(action, first, second, database) {
		return sqlite3.SQLITE_OK
	}
	return sqlite3.SQLITE_DENY
}

func (w *warden) allows(action int, first, second, database string) bool {
	if action == sqlite3.SQLITE_ALTER_TABLE || action == sqlite3.SQLITE_DETACH {
		first, second, database = second, "", first // SQLite has them in another order
	}
	switch database {
	case "", "main":
	case "temp":
		return (action == sqlite3.SQLITE_READ || action == sqlite3.SQLITE_UPDATE) && allowedName(first)
	default:
		return false
	}
	switch action {
	case sqlite3.SQLITE_SELECT, sqlite3.SQLITE_ANALYZE, sqliteRecursive:
		return true
	case sqlite3.SQLITE_READ:
		w.reads = true
		return allowedName(first)
	case sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE:
		if w.writes == "" {
			w.writes = first
		}
		return allowedName(first)
	case sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_DROP_VIEW, sqlite3.SQLITE_REINDEX, sqlite3.SQLITE_ALTER_TABLE:
		return allowedName(first)
	case sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_DROP_TRIGGER:
		return allowedName(first) && allowedName(second)
	case sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT:
		w.refused = errTransaction
		return false
	case sqlite3.SQLITE_PRAGMA:
		return allowedPragma(first, second)
	case sqlite3.SQLITE_FUNCTION:
		return allowedFunctions[second]
	case sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE:
		return allowedModules[strings.ToLower(second)] && allowedName(first)
	}
	return false // other databases, temporary tables, and what SQLite may come to ask one day
}

// allowedName says whether a name is not one of ours.
func allowedName(name string) bool { return len(name) < 4 || !strings.EqualFold(name[:4], "_cf_") }

// allowedModules are the kinds of virtual tables.
var allowedModules = map[string]bool{"fts5": true, "fts5vocab": true, "rtree": true, "rtree_i32": true}

// A pragmaForm says which argument a PRAGMA may have.
type pragmaForm uint8

const (
	pragmaBare         pragmaForm = iota // none
	pragmaBoolean                        // a boolean, or none
	pragmaName                           // the name of a table or an index
	pragmaMaybeName                      // a name, or none
	pragmaMaybeNumber                    // a number, or none
	pragmaNumberOrName                   // either, or none
	pragmaAnything                       // anything
)

var allowedPragmas = map[string]pragmaForm{
	"data_version": pragmaBare, "page_size": pragmaBare, "table_list": pragmaAnything,
	"case_sensitive_like": pragmaBoolean, "foreign_keys": pragmaBoolean, "defer_foreign_keys": pragmaBoolean, "ignore_check_constraints": pragmaBoolean,
	"legacy_alter_table": pragmaBoolean, "recursive_triggers": pragmaBoolean, "reverse_unordered_selects": pragmaBoolean,
	"table_info": pragmaName, "table_xinfo": pragmaName, "foreign_key_list": pragmaName, "index_info": pragmaName, "index_list": pragmaName, "index_xinfo": pragmaName,
	"foreign_key_check": pragmaMaybeName, "quick_check": pragmaNumberOrName, "optimize": pragmaMaybeNumber,
}

func allowedPragma(pragma, argument string) bool {
	form, known := allowedPragmas[pragma]
	if !known {
		return false
	}
	none := argument == ""
	switch form {
	case pragmaBare:
		return none
	case pragmaBoolean:
		return none || isBoolean(argument)
	case pragmaName:
		return !none && allowedName(argument)
	case pragmaMaybeName:
		return none || allowedName(argument)
	case pragmaMaybeNumber:
		_, err := strconv.ParseInt(argument, 0, 32)
		return none || err == nil
	case pragmaNumberOrName:
		return none || allowedName(argument)
	}
	return true
}

// isBoolean says whether a text begins with one of the ways to write a boolean, as the reference runtime tests it.
func isBoolean(text string) bool {
	if n := len(text); n >= 2 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	text = strings.ToLower(text)
	for _, word := range []string{"true", "false", "yes", "no", "on", "off", "1", "0"} {
		if strings.HasPrefix(text, word) {
			return true
		}
	}
	return false
}

// allowedFunctions are those of SQL that scripts may call; what is missing tells how SQLite was built.
var allowedFunctions = setOf(`
	abs changes char coalesce concat concat_ws format glob hex ifnull iif instr last_insert_rowid length like likelihood likely load_extension lower ltrim max_scalar
	min_scalar nullif octet_length printf quote random randomblob replace round rtrim sign soundex substr substring total_changes trim typeof unhex unicode unlikely
	upper zeroblob
	date time datetime julianday unixepoch strftime timediff current_date current_time current_timestamp
	avg count group_concat max min string_agg sum total
	row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
	acos acosh asin asinh atan atan2 atanh ceil cos cosh degrees exp floor ln log log2 mod pi pow radians sin sinh sqrt tan tanh trunc
	json jsonb json_array jsonb_array json_array_length json_extract jsonb_extract -> ->> json_insert jsonb_insert json_object jsonb_object json_patch jsonb_patch
	json_remove jsonb_remove json_replace jsonb_replace json_set jsonb_set json_type json_valid json_quote json_group_array jsonb_group_array json_group_object
	jsonb_group_object json_each json_tree
	match highlight bm25 snippet rtreecheck
	sqlite_rename_column sqlite_rename_table sqlite_rename_test sqlite_drop_column sqlite_rename_quotefix`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// renamesToOurs says whether a statement gives a table one of our names. SQLite does not ask for the new name.
func renamesToOurs(text string) bool {
	list := tokens(text)
	for k := 2; k < len(list); k++ {
		if list[k-2].is(text, "RENAME") && list[k-1].is(text, "TO") && !allowedName(list[k].name(text)) {
			return true
		}
	}
	return false
}
