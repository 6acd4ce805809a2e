// Script startup exceeded CPU time limit.
for (;;);
