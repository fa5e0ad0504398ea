// duckdb-checks.js PREFIX DATABASE [BREAKDOWN,... REGISTRATION LEVY,...]: nine checks
// over contributions as SQL, by DuckDB (the npm package @duckdb/node-api below PREFIX).
// With files it only makes the tables; without, it runs the checks and ends with 1 if
// one of them finds anything.
const [, , prefix, database, breakdowns, registration, levies] = process.argv;
const { DuckDBInstance } = require(`${prefix}/node_modules/@duckdb/node-api`);

const files = (list) => `[${list.split(',').map((f) => `'${f}'`).join(', ')}]`;
const csv = (list) => `read_csv(${files(list)}, header = true, all_varchar = true)`;

const tables = () => [
	`CREATE TABLE contribution AS SELECT CAST(年度 AS INTEGER) AS year, 统一社会信用代码 AS employer,
		公民身份号码 AS person, 姓名 AS name, CAST(缴费基数 AS DECIMAL(14, 2)) AS base, CAST(缴费月数 AS INTEGER) AS months,
		CAST(单位缴费 AS DECIMAL(14, 2)) AS unit, CAST(个人缴费 AS DECIMAL(14, 2)) AS personal FROM ${csv(breakdowns)}`,
	`CREATE TABLE person AS SELECT 公民身份号码 AS id, 姓名 AS name FROM ${csv(registration)}`,
	`CREATE TABLE levy AS SELECT 统一社会信用代码 AS employer, CAST(所属年度 AS INTEGER) AS year,
		CAST(实缴金额 AS DECIMAL(14, 2)) AS amount FROM ${csv(levies)}`,
];

const share = (column, rate) => `SELECT count(*) FROM contribution
	WHERE abs(${column} - months * round(base * ${rate}, 2)) > 0.005 * months`;
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const digit = weights.map((w, i) => `${w} * CAST(substr(person, ${i + 1}, 1) AS INTEGER)`).join(' + ');

const checks = [
	'SELECT count(*) FROM contribution WHERE months NOT BETWEEN 1 AND 12',
	'SELECT count(*) FROM contribution WHERE base NOT BETWEEN 1 AND 100000',
	share('unit', 0.16),
	share('personal', 0.08),
	`SELECT count(*) FROM (SELECT person, year FROM contribution GROUP BY person, year HAVING sum(months) > 12)`,
	`SELECT count(*) FROM contribution c WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.id = c.person)`,
	`SELECT count(*) FROM contribution c JOIN person p ON p.id = c.person WHERE p.name <> c.name`,
	`SELECT count(*) FROM (SELECT employer, year, sum(unit + personal) AS paid FROM contribution GROUP BY employer, year) c
		LEFT JOIN (SELECT employer, year, sum(amount) AS levied FROM levy GROUP BY employer, year) l USING (employer, year)
		WHERE levied IS NULL OR paid > levied`,
	`SELECT count(*) FROM contribution WHERE substr('10X98765432', 1 + (${digit}) % 11, 1) <> substr(person, 18, 1)`,
];

async function main() {
	const instance = await DuckDBInstance.create(database);
	const connection = await instance.connect();

	for (const sql of breakdowns ? tables() : checks) {
		const rows = await (await connection.runAndReadAll(sql)).getRows();

		if (!breakdowns && Number(rows[0][0])) {
			console.error(`${rows[0][0]} found by: ${sql}`);
			process.exitCode = 1;
		}
	}
	connection.closeSync();
	instance.closeSync();
}

main().catch((error) => { console.error(error); process.exitCode = 2; });
