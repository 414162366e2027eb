-- Severity: warning
-- Sentence: An NDC is in no drug table, so its fills count in no measure. mtm reference import brings a newer table.
select ndc_code from unmapped_drug
