import { type Day } from '$lib/domain/day';
import { dayOf } from './calendar';
import { chance, mix, type Chance } from './random';

export type Programme = 'part_d' | 'medicaid' | 'commercial';
export type Plan = {
	plan: string;
	contract: string;
	payer: string;
	payerType: string;
	programme: Programme;
	/** A stand-alone drug plan has no medical claims. */
	medical: boolean;
	share: number;
	/** Chance that an enrolled patient completes a CMR in a year. */
	cmr: number;
};

/** The demo's plans: two Medicare contracts with three plans, a Medicaid and a commercial programme. */
export const plans: readonly Plan[] = [
	{
		plan: 'H9001-001',
		contract: 'H9001',
		payer: 'Demo Health Plan',
		payerType: 'medicare',
		programme: 'part_d',
		medical: true,
		share: 45,
		cmr: 0.89
	},
	{
		plan: 'H9001-003',
		contract: 'H9001',
		payer: 'Demo Health Plan',
		payerType: 'medicare',
		programme: 'part_d',
		medical: true,
		share: 25,
		cmr: 0.87
	},
	{
		plan: 'S9002-001',
		contract: 'S9002',
		payer: 'Demo Rx Plan',
		payerType: 'medicare',
		programme: 'part_d',
		medical: false,
		share: 20,
		cmr: 0.62
	},
	{
		plan: 'DEMO-MEDICAID',
		contract: '',
		payer: 'Demo Medicaid',
		payerType: 'medicaid',
		programme: 'medicaid',
		medical: true,
		share: 6,
		cmr: 0.7
	},
	{
		plan: 'DEMO-EMPLOYER',
		contract: '',
		payer: 'Demo Employer Trust',
		payerType: 'commercial',
		programme: 'commercial',
		medical: true,
		share: 4,
		cmr: 0.6
	}
];

/** Adds the check digit of a National Provider Identifier to nine digits (Luhn with the prefix 80840). */
export function npi(nine: string): string {
	let sum = 24;
	for (let at = 0; at < 9; at++) {
		let digit = nine.charCodeAt(at) - 48;
		if (at % 2 === 0) {
			digit *= 2;
			if (digit > 9) digit -= 9;
		}
		sum += digit;
	}
	return nine + String((10 - (sum % 10)) % 10);
}
// Ranges of nine digits, a kind each, so that no two kinds can meet.
const pharmacyNpi = (at: number) => npi(String(199_900_000 + at));
const prescriberNpi = (at: number) => npi(String(188_000_000 + at));
const pharmacistNpi = (at: number) => npi(String(177_000_000 + at));
const facilityNpi = (at: number) => npi(String(166_600_000 + at));

export type Pharmacy = { npi: string; name: string; store: string; zip: string; city: string; weight: number };

/** Places where patients and pharmacies are: real ZIP codes (for rurality) under invented names of towns. */
export const places: readonly { zip: string; city: string; weight: number }[] = [
	{ zip: '55102', city: 'Demoville', weight: 22 },
	{ zip: '55110', city: 'Demoville', weight: 16 },
	{ zip: '55068', city: 'East Sample', weight: 13 },
	{ zip: '55003', city: 'Example Bay', weight: 8 },
	{ zip: '55020', city: 'New Placeholder', weight: 9 },
	{ zip: '55043', city: 'Mock Creek', weight: 8 },
	{ zip: '55019', city: 'Specimen', weight: 7 },
	{ zip: '55959', city: 'Fiction Falls', weight: 5 },
	{ zip: '56258', city: 'Prototype', weight: 4 },
	{ zip: '55009', city: 'Notreal', weight: 4 },
	{ zip: '55606', city: 'Far Example', weight: 2 },
	{ zip: '56143', city: 'Test Prairie', weight: 2 }
];

const store = (at: number, name: string, place: number, weight: number): Pharmacy => ({
	npi: pharmacyNpi(at),
	name,
	store: `S${String(at).padStart(2, '0')}`,
	zip: places[place]!.zip,
	city: places[place]!.city,
	weight
});

/** The network's stores (S11, Harbor, goes off course in August 2026), the mail order pharmacy and two pharmacies outside. */
export const pharmacies: readonly Pharmacy[] = [
	store(1, 'Elm Street', 0, 13),
	store(2, 'Market', 0, 12),
	store(3, 'North Gate', 1, 7),
	store(4, 'Mill Lane', 1, 8),
	store(5, 'Station', 2, 9),
	store(6, 'Hill Road', 2, 4),
	store(7, "St. Brigid's", 3, 6),
	store(8, 'Old Bridge', 4, 7),
	store(9, 'Cedar', 5, 6),
	store(10, 'Granary', 6, 5),
	store(11, 'Harbor', 3, 10),
	store(12, 'Quarry, The', 7, 3),
	store(13, 'Lighthouse', 10, 1.5),
	store(14, 'Orchard', 11, 1.5),
	store(20, 'Demo Mail Order', 0, 0),
	store(31, 'Otherside Drug', 1, 3.5),
	store(32, 'Faraway Pharmacy', 9, 2)
];
export const harbor = pharmacies.find((one) => one.name === 'Harbor')!;
export const mailOrder = pharmacies.find((one) => one.name === 'Demo Mail Order')!;
export const stores = pharmacies.filter((one) => one.weight > 0);
/** The first fourteen stores are the network's own. */
export const network = pharmacies.slice(0, 15);

const firstNames = {
	female:
		'Ada,Bea,Cleo,Dora,Edith,Fern,Greta,Hazel,Ida,June,Kay,Lena,Maeve,Nell,Opal,Pearl,Rosa,Sylvie,Tess,Una,Vera,Willa,Yara,Zelda,Carmen,Lucia,Mai,Halima,Noor,Ines'.split(
			','
		),
	male: 'Abel,Boris,Cyrus,Duncan,Elmer,Felix,Gus,Hugo,Ivan,Jasper,Karl,Lars,Milo,Nils,Otto,Perry,Quinn,Rufus,Silas,Theo,Ulf,Victor,Walter,Xavier,Diego,Mateo,Bao,Abdi,Omar,Yusuf'.split(
		','
	)
};
const lastNames =
	'Sampleton,Examplar,Mockridge,Testwell,Fictander,Placeholt,Protomeyer,Specimanski,Dummett,Demoray,Fauxley,Notarel,Samplesen,Trialby,Figmont,Draftwood,Modelski,Pretendez,Imagino,Simulani,Stubbsen,Examplio,Testerson,Mockabee,Placid,Fabler,Phantome,Modello,Inventori,Synthesen'.split(
		','
	);

/** An invented name. */
export const inventName = (draw: Chance, sex: 'female' | 'male'): { first: string; last: string } => ({
	first: draw.pick(firstNames[sex]),
	last: draw.pick(lastNames)
});

export type Prescriber = { npi: string; name: string; specialty: string; phone: string; fax: string };
/** Specialties, with how many patients there are for one of each. */
export const specialties = {
	'family medicine': 90,
	'internal medicine': 140,
	cardiology: 420,
	endocrinology: 700,
	pulmonology: 900,
	psychiatry: 800,
	nephrology: 1500,
	'pain medicine': 1500,
	'infectious disease': 6000
} as const;
export type Specialty = keyof typeof specialties;
const specialtyNames = Object.keys(specialties) as Specialty[];

/** The number of prescribers of a specialty among the first `patients` patients; it only grows. */
const prescriberCount = (specialty: Specialty, patients: number) =>
	1 + Math.floor(Math.max(0, patients - 1) / specialties[specialty]);

const phone = (draw: Chance) => `555-01${String(draw.whole(0, 99)).padStart(2, '0')}`;

/** Prescriber number `at` of a specialty. */
export function prescriber(seed: number, specialty: Specialty, at: number): Prescriber {
	const kind = specialtyNames.indexOf(specialty);
	const draw = chance(seed, 101, kind, at);
	const name = inventName(draw, draw.yes(0.5) ? 'female' : 'male');
	return {
		npi: prescriberNpi(kind * 100_000 + at),
		name: `${name.first} ${name.last}`,
		specialty,
		phone: phone(draw),
		fax: phone(draw)
	};
}

/** The NPI of a prescriber for patient `patient`, one of those who are there by then. */
export function prescriberFor(draw: Chance, specialty: Specialty, patient: number): string {
	const at = Math.floor(draw.unit() * prescriberCount(specialty, patient + 1));
	return prescriberNpi(specialtyNames.indexOf(specialty) * 100_000 + at);
}

/** All prescribers among the first `patients` patients. */
export function* prescribers(seed: number, patients: number): Generator<Prescriber> {
	for (const specialty of specialtyNames)
		for (let at = 0; at < prescriberCount(specialty, patients); at++) yield prescriber(seed, specialty, at);
}

/** Regular sessions of a pharmacist stand in a grid of days and hours, so that no two overlap. */
export const slotsADay = 10;
const days = 15;
export const patientsAPharmacist = slotsADay * days;
export type Slot = { pharmacist: number; startMinute: number; weekday: number; week: number };

/** Where patient number `patient`'s sessions stand: a pharmacist, an hour of the day, a weekday of a three-week cycle. */
export function slotOf(patient: number): Slot {
	const within = patient % patientsAPharmacist;
	const day = Math.floor(within / slotsADay);
	return {
		pharmacist: Math.floor(patient / patientsAPharmacist),
		startMinute: 8 * 60 + (within % slotsADay) * 60,
		weekday: 1 + (day % 5),
		week: Math.floor(day / 5)
	};
}

/** The first day from `from` on which sessions of this slot may stand. */
export function nextSlotDay(slot: Slot, from: Day): Day {
	const monday = dayOf(2024, 1, 1);
	const wanted = slot.week * 7 + slot.weekday - 1;
	const at = (((from - monday) % 21) + 21) % 21;
	return from + ((wanted - at + 21) % 21);
}

export type Pharmacist = {
	npi: string;
	name: string;
	at: number;
	store: Pharmacy;
	setting: 'community_pharmacy' | 'clinic' | 'call_center';
	providerType: string;
};

/** Pharmacist number `at`: in a store, a clinic or the call centre. Numbers from 90,000 are those of planted audit problems. */
export function pharmacist(seed: number, at: number): Pharmacist {
	const draw = chance(seed, 102, at);
	const name = inventName(draw, draw.yes(0.6) ? 'female' : 'male');
	const setting = mix(seed, 103, at) % 20;
	return {
		npi: pharmacistNpi(at),
		name: `${name.first} ${name.last}`,
		at,
		store: network[at % 14]!,
		setting: setting < 11 ? 'community_pharmacy' : setting < 14 ? 'clinic' : 'call_center',
		providerType: setting < 11 ? '06' : setting < 14 ? '13' : setting < 17 ? '08' : '11'
	};
}

export type Facility = { npi: string; name: string };
/** Hospitals first, then a nursing facility for each. */
export const hospitals: readonly Facility[] = Array.from({ length: 8 }, (_, at) => ({
	npi: facilityNpi(at),
	name: `Demo Hospital ${at + 1}`
}));
export const nursingFacilities: readonly Facility[] = Array.from({ length: 6 }, (_, at) => ({
	npi: facilityNpi(100 + at),
	name: `Demo Nursing Home ${at + 1}`
}));
