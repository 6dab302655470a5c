// Checks FHIR R4 files by the npm package fhir: elements, numbers of them, and codes where the standard binds them.
// Run: npm ci && node check.js FILE [FILE ...]
// What it cannot look up (value sets that are examples, such as all of LOINC) it warns of; only an error fails.
const fs = require("fs");
const { Fhir } = require("fhir");

const validator = new Fhir();
let faults = 0;
for (const name of process.argv.slice(2)) {
  const found = validator.validate(JSON.parse(fs.readFileSync(name, "utf-8")), { errorOnUnexpected: true });
  const errors = found.messages.filter((message) => ["error", "fatal"].includes(message.severity));
  faults += errors.length + (found.valid ? 0 : 1);
  console.log(`${name}: ${found.valid ? "valid" : "not valid"}, ${errors.length} errors`);
  for (const error of errors.slice(0, 20)) console.log(`  ${error.location}: ${error.message}`);
}
process.exit(faults ? 1 : 0);
