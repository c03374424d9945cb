/** References as image code names them; they live in the store, which keeps them in index.json. */
export { familiarOf, parseReference, tryReference, type Reference } from '../store/reference';
