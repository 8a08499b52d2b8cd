"""``reeve backtest``: a rulebook on the recorded log, before it acts."""
