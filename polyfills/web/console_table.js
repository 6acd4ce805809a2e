"use strict";
// console.table, https://console.spec.whatwg.org/#table, drawn with box characters.

const { ArrayIsArray, ObjectHasOwn, ObjectKeys, StringPrototypePadEnd, StringPrototypeRepeat } = primordials;
const { isObject } = require("core/webidl");

function cellText(value) {
  const { inspect } = require("node/internal_inspect");
  const deep = isObject(value) && !ArrayIsArray(value) && ObjectKeys(value).length > 2;
  return inspect(value, { maxArrayLength: 3, depth: deep ? -1 : 0, breakLength: Infinity });
}

/** What a table has: the name of its first column and rows [index, value] or, of a map, [index, key, value]. */
function rowsOf(data) {
  const kind = ops.op_value_kind(data);
  if (kind === "Map" || kind === "Set" || kind === "MapIterator" || kind === "SetIterator") {
    const [entries, isKeyValue] = ops.op_preview_entries(data) ?? [[], kind === "Map"];
    const rows = [];
    const step = isKeyValue ? 2 : 1;
    for (let i = 0; i < entries.length; i += step) rows[rows.length] = isKeyValue ? [`${i / 2}`, entries[i], entries[i + 1]] : [`${i}`, entries[i]];
    return { first: "(iteration index)", isKeyValue, rows };
  }
  const keys = ObjectKeys(data);
  const rows = [];
  for (let i = 0; i < keys.length; i++) rows[i] = [keys[i], data[keys[i]]];
  return { first: "(index)", isKeyValue: false, rows };
}

function fill(columns, name, row, text) {
  let column;
  for (let i = 0; i < columns.length; i++) if (columns[i].name === name) column = columns[i];
  if (column === undefined) columns[columns.length] = column = { __proto__: null, name, cells: [] };
  column.cells[row] = text;
}

function columnsOf({ first, isKeyValue, rows }, filter) {
  const index = { __proto__: null, name: first, cells: [] };
  const keys = { __proto__: null, name: "Key", cells: [] };
  const values = { __proto__: null, name: "Values", cells: [] };
  const properties = [];
  if (filter !== undefined) for (let i = 0; i < filter.length; i++) properties[i] = { __proto__: null, name: `${filter[i]}`, cells: [] };
  for (let i = 0; i < rows.length; i++) {
    index.cells[i] = rows[i][0];
    if (isKeyValue) keys.cells[i] = cellText(rows[i][1]);
    const value = rows[i][isKeyValue ? 2 : 1];
    if (isKeyValue || !isObject(value)) {
      values.cells[i] = cellText(value);
      continue;
    }
    const names = filter ?? ObjectKeys(value);
    for (let j = 0; j < names.length; j++) if (ObjectHasOwn(value, names[j])) fill(properties, `${names[j]}`, i, cellText(value[names[j]]));
  }
  const columns = isKeyValue ? [index, keys] : [index];
  for (let i = 0; i < properties.length; i++) columns[columns.length] = properties[i];
  if (values.cells.length !== 0) columns[columns.length] = values;
  return columns;
}

function widthOf(column) {
  const { widthOf: width } = require("node/internal_inspect_text");
  let widest = width(column.name);
  for (let i = 0; i < column.cells.length; i++) {
    const own = column.cells[i] === undefined ? 0 : width(column.cells[i]);
    if (own > widest) widest = own;
  }
  return widest + 2;
}

function rule(widths, left, middle, right) {
  let text = left;
  for (let i = 0; i < widths.length; i++) text += `${i === 0 ? "" : middle}${StringPrototypeRepeat("\u2500", widths[i])}`;
  return text + right;
}

function line(columns, widths, textOf) {
  const { widthOf: width } = require("node/internal_inspect_text");
  let text = "\u2502";
  for (let i = 0; i < columns.length; i++) {
    const cell = textOf(columns[i]) ?? "";
    // The padding counts columns of the terminal, padEnd counts UTF-16 units.
    text += StringPrototypePadEnd(` ${cell}`, widths[i] + cell.length - width(cell)) + "\u2502";
  }
  return text;
}

/**
 * The table of an object's entries.
 * @param {any} data
 * @param {any[] | undefined} filter names of the columns to show
 * @returns {string | undefined} undefined for what is no object
 */
function tableOf(data, filter) {
  if (typeof data !== "object" || data === null) return undefined;
  const source = rowsOf(data);
  const columns = columnsOf(source, filter);
  const widths = [];
  for (let i = 0; i < columns.length; i++) widths[i] = widthOf(columns[i]);
  let text = `${rule(widths, "\u250c", "\u252c", "\u2510")}\n${line(columns, widths, (column) => column.name)}\n${rule(widths, "\u251c", "\u253c", "\u2524")}\n`;
  for (let i = 0; i < source.rows.length; i++) text += `${line(columns, widths, (column) => column.cells[i])}\n`;
  return text + rule(widths, "\u2514", "\u2534", "\u2518");
}

module.exports = { tableOf };
