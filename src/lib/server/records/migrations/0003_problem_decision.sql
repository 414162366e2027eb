CREATE TABLE `problem_decision` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`by` text NOT NULL,
	`patient` text NOT NULL,
	`list` text NOT NULL,
	`subject` text NOT NULL,
	`decision` text NOT NULL,
	`reason` text,
	`until_on` text
);
--> statement-breakpoint
CREATE INDEX `problem_decision_patient` ON `problem_decision` (`patient`);--> statement-breakpoint
CREATE TRIGGER `problem_decision_never_changes` BEFORE UPDATE ON `problem_decision`
BEGIN
	SELECT raise(ABORT, 'a decision is never changed: a later one takes its place');
END;
--> statement-breakpoint
CREATE TRIGGER `problem_decision_never_shrinks` BEFORE DELETE ON `problem_decision`
BEGIN
	SELECT raise(ABORT, 'no decision is deleted');
END;
