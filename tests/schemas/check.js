// The forms of share/forms as another implementation of Table Schema sees them:
// each is a valid schema, and rows that pen takes are rows that it takes too.
// usage: node check.js SHARE, where the package tableschema can be found.
'use strict'
const fs = require('fs')
const path = require('path')
const { Schema } = require('tableschema')

const share = process.argv[2]
let failed = 0

function say(good, what, why) {
	console.log(`${good ? 'ok' : 'not ok'} - ${what}${good ? '' : ': ' + why}`)
	failed += good ? 0 : 1
}

function table(file) {
	return fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/).map(line => line.split(','))
}

// A row of a file, in the order of the schema's fields: titles lead to fields.
function inOrder(descriptor, titles, row) {
	return descriptor.fields.map(field => {
		const names = [field.title, field.name, field['pen:code'], ...(field['pen:titles'] || [])]
		const at = titles.findIndex(title => names.includes(title))
		return at < 0 ? '' : row[at]
	})
}

// Rows that each form takes, of files that are in share/examples, or written here.
const samples = {
	employer: 'employers.csv', registration: 'registration.csv', levy: 'levy-2024.csv',
	opening: 'opening.csv', answers: 'answers-2024.csv',
	breakdown: [
		['年度', '统一社会信用代码', '公民身份号码', '姓名', '缴费基数', '缴费月数', '单位缴费', '个人缴费', '缴费月份', '缴费类型'],
		['2024', '91330106MA00000016', '33010619800101011X', '王一', '8000.00', '12', '15360.00', '7680.00', '', ''],
		['', '91330106MA00000016', '33010619800101011X', '王一', '8000.00', '', '-10.5', '-5', '1-3,7', '补差']],
	retirement: [
		['公民身份号码', '姓名', '性别', '出生日期', '统一社会信用代码', '退休日期', '采集依据', '待遇开始年月', '基本养老金合计'],
		['330106195001010116', '张三', '男', '1950-01-01', '91330106MA00000016', '2010-01-05', '退休审批表', '2010-02', '1500.00'],
		['330106500101011', '张三', '1', '1950-01-01', '91330106MA00000016', '2010-01-05', 'expansion', '', '']],
	'benefit-supplement': [
		['公民身份号码', '姓名', '缴费月数', '基础养老金'],
		['330106195001010116', '张三', '300', ''], ['330106195001010116', '张三', '', '0.5']],
	movement: [
		['公民身份号码', '姓名', '变动类型', '变动年月', '统一社会信用代码', '转入单位统一社会信用代码', '变动原因'],
		['33010619800101011X', '王一', '转移', '2024-07', '91330106MA00000016', '91330106MA00000029', '组织安排'],
		['33010619800101011X', '王一', 'leave', '2024-07', '', '', '']],
	'network-log': [
		['运行日期', '各个端口运行状况', '服务器工作状况', '通信设备工作状况', '故障处理排除情况', '责任人员签名'],
		['2026-11-20', '正常', '正常', '正常', '无', '']],
	successor: [
		['原统一社会信用代码', '承继统一社会信用代码', '生效日期'],
		['91330106MA00000016', '91330106MA00000029', '2024-07-01']],
}

// What no form takes: a field, and a value that another implementation refuses too.
const wrong = {
	employer: [['credit_code', '91330106MA0000001O'], ['area', '33010'], ['newly_covered', '也许'], ['insured_on', '2024-13-01'], ['name', '']],
	registration: [['sex', '不详'], ['deemed_months', '-1'], ['base', '0'], ['id_number', '110***1234']],
	levy: [['year', '1900'], ['late_fee', '-1'], ['refund', 'ja'], ['amount', 'viel']],
	breakdown: [['kind', '10'], ['months', '13'], ['period_from', '2024-13'], ['month_list', 'alle']],
	retirement: [['basis', '口头'], ['pension', '-1'], ['benefit_from', '2010']],
	'network-log': [['on_date', '2026-13-01'], ['faults', '']],
	movement: [['kind', '其他'], ['month', ''], ['to_credit_code', '1']],
}

async function check(file) {
	const descriptor = JSON.parse(fs.readFileSync(file, 'utf8'))
	const schema = await Schema.load(descriptor, { strict: false })
	const name = descriptor.name

	say(schema.valid, `${name} is a valid schema`, schema.errors.map(error => error.message).join('; '))
	if (!schema.valid)
		return
	for (const field of descriptor.fields) {
		const whole = field.name && field.title && field.type && field.constraints && 'required' in field.constraints
		say(whole && (descriptor['pen:computed'] || /[\u4e00-\u9fff]/.test(field.title)),
			`${name}.${field.name} has a key, a Chinese title, a type and constraints`, JSON.stringify(field))
	}
	if (descriptor['pen:record'])
		say((descriptor['pen:signatures'] || []).length > 0, `${name} says who signs it`, 'no pen:signatures')
	let rows = samples[name]
	if (typeof rows === 'string')
		rows = table(path.join(share, 'examples', rows))
	const [titles, ...rest] = rows || [[]]
	const bad = []
	for (const row of rest) {
		try {
			schema.castRow(inOrder(descriptor, titles, row))
		} catch (error) {
			const all = error.multiple ? error.errors : [error]
			bad.push(`${row.join(',')}: ${all.map(one => one.message).join('; ')}`)
		}
	}
	if (rows)
		say(bad.length === 0, `${rest.length} rows of ${name} are taken`, bad.slice(0, 3).join(' | '))
	for (const [key, value] of wrong[name] || []) {
		let taken = true
		try {
			schema.getField(key).castValue(value)
		} catch (error) {
			taken = false
		}
		say(!taken, `${name}.${key} does not take "${value}"`, 'taken')
	}
}

async function main() {
	const forms = path.join(share, 'forms')
	for (const file of fs.readdirSync(forms).filter(file => file.endsWith('.json')).sort())
		await check(path.join(forms, file))
	console.log(failed ? `${failed} failed` : 'all forms hold')
	process.exit(failed ? 1 : 0)
}

main().catch(error => { console.error(error); process.exit(1) })
