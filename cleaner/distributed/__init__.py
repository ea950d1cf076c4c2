"""The job over many machines: the stages of `pipeline`, in steps that tables of rows connect."""
