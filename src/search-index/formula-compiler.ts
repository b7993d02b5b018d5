import { LIVE } from './dictionary.ts'
import { type Formula, or } from './formula.ts'
import { OPERATION, SAVED_REGISTERS } from './kernels/abi.ts'

/** Receives the operations of a program in order. */
export type FormulaTarget = {
  /** An operation with the posting of a term. */
  term(operation: number, term: number): void
  /** An operation with a saved register. */
  register(operation: number, register: number): void
}

/**
 * Compiles a formula into operations that leave it in the result register. `saved`: the number of saved registers in use.
 * Of two sides the one that needs more registers comes first, so that few are in use at once.
 */
export function compileFormula(formula: Formula, saved: number, target: FormulaTarget): void {
  switch (formula.kind) {
    case 'union':
      compileUnion(formula.terms, target)
      return
    case 'not':
      compileFormula(formula.operand, saved, target)
      save(saved, target)
      target.term(OPERATION.put, LIVE)
      target.register(OPERATION.cutSaved, saved)
      return
    case 'or':
      compileOr(formula.operands, saved, target)
      return
    case 'and':
      compileAnd(formula.operands, saved, target)
  }
}

function compileUnion(terms: readonly number[], target: FormulaTarget): void {
  for (const [i, term] of terms.entries()) target.term(i === 0 ? OPERATION.put : OPERATION.join, term)
}

function compileOr(operands: readonly Formula[], saved: number, target: FormulaTarget): void {
  const unions = operands.filter(({ kind }) => kind === 'union')
  const others = operands.filter(({ kind }) => kind !== 'union')
  // An `or` of unions only is a union already.
  compileEach(others, OPERATION.joinSaved, saved, target)
  for (const union of unions) for (const term of termsOf(union)) target.term(OPERATION.join, term)
}

function compileAnd(operands: readonly Formula[], saved: number, target: FormulaTarget): void {
  const single = operands.filter(isSingleTerm)
  const several = operands.filter((operand) => operand.kind !== 'not' && !isSingleTerm(operand))
  const negated = operands.flatMap((operand) => (operand.kind === 'not' ? [operand.operand] : []))
  const excluded = negated.flatMap(termsOf)
  const compileOthers = (register: number) => {
    compileMeeting(several, single, register, target)
    for (const term of excluded) target.term(OPERATION.cut, term)
  }
  const subtrahends = negated.filter(({ kind }) => kind !== 'union')
  if (subtrahends.length === 0) compileOthers(saved)
  else if (registersOfEach(subtrahends) >= registersOfEach(several)) {
    compileFormula(or(subtrahends), saved, target)
    save(saved, target)
    compileOthers(saved + 1)
    target.register(OPERATION.cutSaved, saved)
  } else {
    compileOthers(saved)
    save(saved, target)
    compileFormula(or(subtrahends), saved + 1, target)
    target.register(OPERATION.cutFromSaved, saved)
  }
}

/** Compiles the intersection of formulas and of single terms. */
function compileMeeting(
  several: readonly Formula[],
  single: readonly Formula[],
  saved: number,
  target: FormulaTarget,
): void {
  const terms = single.flatMap(termsOf)
  if (several.length > 0) compileEach(several, OPERATION.meetSaved, saved, target)
  else target.term(OPERATION.put, terms.shift() ?? LIVE)
  for (const term of terms) target.term(OPERATION.meet, term)
}

/** Compiles formulas and combines each with those before it. */
function compileEach(formulas: readonly Formula[], operation: number, saved: number, target: FormulaTarget): void {
  const sorted = formulas.toSorted((a, b) => registersOf(b) - registersOf(a))
  for (const [i, formula] of sorted.entries()) {
    if (i > 0) save(saved, target)
    compileFormula(formula, i > 0 ? saved + 1 : saved, target)
    if (i > 0) target.register(operation, saved)
  }
}

function save(register: number, target: FormulaTarget): void {
  if (register >= SAVED_REGISTERS) throw new RangeError('an expression needs more registers than there are')
  target.register(OPERATION.save, register)
}

/** An upper bound of the saved registers that a formula needs. */
function registersOf(formula: Formula): number {
  if (formula.kind === 'union') return 0
  if (formula.kind === 'not') return Math.max(1, registersOf(formula.operand))
  if (formula.kind === 'or') return registersOfEach(formula.operands)
  const several = formula.operands.filter((operand) => operand.kind !== 'not' && !isSingleTerm(operand))
  const negated = formula.operands.flatMap((operand) => (operand.kind === 'not' ? [operand.operand] : []))
  const subtrahends = negated.filter(({ kind }) => kind !== 'union')
  const [a, b] = [registersOfEach(several), registersOfEach(subtrahends)]
  if (subtrahends.length === 0) return a
  return a === b ? a + 1 : Math.max(a, b, 1)
}

function registersOfEach(formulas: readonly Formula[]): number {
  const needs = formulas.map(registersOf).sort((a, b) => b - a)
  return Math.max(0, ...needs.map((need, i) => (i === 0 ? need : need + 1)))
}

function isSingleTerm(formula: Formula): boolean {
  return formula.kind === 'union' && formula.terms.length === 1
}

function termsOf(formula: Formula): readonly number[] {
  return formula.kind === 'union' ? formula.terms : []
}
