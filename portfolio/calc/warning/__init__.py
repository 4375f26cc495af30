"""Early warning: which projects will probably turn to a worse colour, how soon, and how good such warnings are.

`ahead` lets the clock run on with what is known today, `features` turns that and the recent weeks into numbers,
`chance` weighs them with the coefficients of `table`, `judge` replays the warnings over a history.
"""
