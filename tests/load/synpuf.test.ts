import { expect, test } from 'vitest';
import { load } from '$lib/server/load/load';
import { account, drop, intake, lines, newHome } from './home';

const pde = 'DESYNPUF_ID,PDE_ID,SRVC_DT,PROD_SRVC_ID,QTY_DSPNSD_NUM,DAYS_SUPLY_NUM,PTNT_PAY_AMT,TOT_RX_CST_AMT';
const bene =
	'DESYNPUF_ID,BENE_BIRTH_DT,BENE_DEATH_DT,BENE_SEX_IDENT_CD,BENE_RACE_CD,BENE_ESRD_IND,BENE_HI_CVRAGE_TOT_MONS,PLAN_CVRG_MOS_NUM';

test('days with and without dashes, the year in the file or in its name, months of coverage from 1 January', async () => {
	const home = newHome();
	const result = await load(
		home,
		[
			drop({
				'pde.csv': lines(pde, 'A,1,20080310,00071015523,30,30,5,10', 'A,2,2008-04-10,00071015523,30,30,5,10'),
				'DE1_0_2009_Beneficiary_Summary_File_Sample_1.csv': lines(
					bene,
					'A,19500101,,1,1,0,12,12',
					'B,19500101,20090815,2,2,Y,12,3',
					'C,19500101,,1,1,0,0,0',
					'D,19500101,,1,1,0,0,12'
				)
			})
		],
		{ layout: 'synpuf' }
	);
	expect(account(result, 'eligibility')).toEqual([4, 3, 0, 0, 1]);
	expect(account(result, 'pharmacy_claim')).toEqual([2, 2, 0, 0, 0]);
	const spans = await intake(
		home,
		'select person_id, gender, enrollment_start_date as "from", enrollment_end_date as "to", medical_coverage as medical, pharmacy_coverage as drugs, source_line from eligibility order by all'
	);
	expect(spans.map((row) => Object.values(row).join(' '))).toEqual([
		'A male 2009-01-01 2009-12-31 true true 2',
		'B female 2009-01-01 2009-03-31 true true 3',
		'B female 2009-04-01 2009-12-31 true false 3',
		'D male 2009-01-01 2009-12-31 false true 5'
	]);
	expect(
		(await intake(home, 'select dispensing_date from pharmacy_claim order by 1')).map((row) => row.dispensing_date)
	).toEqual(['2008-03-10', '2008-04-10']);
});

test('one bad line of a claim rejects the whole input row, and the same rows again are duplicates', async () => {
	const carrier =
		'DESYNPUF_ID,CLM_ID,CLM_FROM_DT,CLM_THRU_DT,ICD9_DGNS_CD_1,PRF_PHYSN_NPI_1,PRF_PHYSN_NPI_2,HCPCS_CD_1,HCPCS_CD_2,LINE_NCH_PMT_AMT_1,LINE_NCH_PMT_AMT_2';
	const rows = [
		'A,1,20080101,20080101,4019,1234567893,1234567893,99213,85025,50,10',
		'A,2,20080102,20080102,4019,1234567893,,99213,85025,50,ten',
		'A,3,20080103,20080103,,,,,,0,0'
	];
	const home = newHome();
	const first = await load(home, [drop({ 'carrier.csv': lines(carrier, ...rows) })], { layout: 'synpuf' });
	expect(account(first, 'medical_claim')).toEqual([3, 2, 1, 0, 0]);
	expect(
		(await intake(home, 'select claim_id, claim_line_number, paid_amount from medical_claim order by all')).map((row) =>
			Object.values(row).join(' ')
		)
	).toEqual(['1 1 50', '1 2 10', '3 1 0']);
	const again = await load(
		home,
		[drop({ 'carrier.csv': lines(carrier, rows[0]!, 'A,4,20080104,20080104,4019,,,99213,,50,') })],
		{ layout: 'synpuf' }
	);
	expect(account(again, 'medical_claim')).toEqual([2, 1, 0, 1, 0]);
});
