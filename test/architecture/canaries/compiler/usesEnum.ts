export enum Leak {
	A,
}
