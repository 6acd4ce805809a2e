type Count = number;

export function twice(n: Count): Count {
  return 2 * n;
}
