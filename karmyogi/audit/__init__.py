"""The auditor's pages over the trail."""
