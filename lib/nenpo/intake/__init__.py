"""What every build takes in beside the numbers: lists typed in Excel, drafts."""
