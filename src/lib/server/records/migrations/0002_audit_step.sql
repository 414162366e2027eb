CREATE TABLE `audit_step` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`data_source` text NOT NULL,
	`claim_id` text NOT NULL,
	`rule_id` text NOT NULL,
	`rule_version` integer NOT NULL,
	`kind` text NOT NULL,
	`decision` text,
	`reason` text,
	`amount` real,
	`words` text,
	`expected` text,
	`found` text,
	`at_risk` real,
	`by` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_step_finding` ON `audit_step` (`claim_id`,`rule_id`);
--> statement-breakpoint
CREATE TRIGGER `audit_step_closed` BEFORE INSERT ON `audit_step`
WHEN EXISTS (
	SELECT 1 FROM audit_step
	WHERE data_source = new.data_source AND claim_id = new.claim_id AND rule_id = new.rule_id AND kind = 'agree'
)
BEGIN
	SELECT raise(ABORT, 'the finding is closed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_step_never_changes` BEFORE UPDATE ON `audit_step`
BEGIN
	SELECT raise(ABORT, 'a decision is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_step_never_shrinks` BEFORE DELETE ON `audit_step`
BEGIN
	SELECT raise(ABORT, 'nothing leaves the history of a finding');
END;
