// duckdb.js PREFIX FILE DATABASE: a breakdown into a table with a key, by DuckDB
// (the npm package @duckdb/node-api below PREFIX).
const [, , prefix, file, database] = process.argv;
const { DuckDBInstance } = require(`${prefix}/node_modules/@duckdb/node-api`);

async function load() {
	const instance = await DuckDBInstance.create(database);
	const connection = await instance.connect();

	await connection.run(`CREATE TABLE contribution (year INTEGER, employer VARCHAR, person VARCHAR, name VARCHAR,
		base DECIMAL(14, 2), months INTEGER, unit DECIMAL(14, 2), personal DECIMAL(14, 2), since VARCHAR, line BIGINT,
		PRIMARY KEY (employer, person, line))`);
	await connection.run(`INSERT INTO contribution SELECT *, row_number() OVER ()
		FROM read_csv('${file}', header = true, all_varchar = true)`);
	connection.closeSync();
	instance.closeSync();
}

load().catch((error) => { console.error(error); process.exitCode = 2; });
