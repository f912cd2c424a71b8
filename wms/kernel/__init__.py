"""Words every room needs: ids, quantities, money, errors, time, actors; standard library only."""
